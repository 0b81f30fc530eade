import type { DirtyCells } from '../checkpoint/dirty-cells.ts'
import { isEqual } from '../aggregates/is-equal.ts'
import { Changes } from '../checkpoint/changes.ts'
import type { SavedPart } from '../checkpoint/saved-state.ts'
import { type Diff, event as eventOf, type Event } from '../element.ts'
import type { SideWriter } from '../wiring/side-output.ts'
import { HeldEvent, type HeldKey } from './held-event.ts'
import type { HeldLine } from './held-line.ts'
import { HeldQueue } from './held-queue.ts'

/** An event of one of the inputs of a join. */
export type SideEvent<V, K> = Event<V, K, unknown, Diff>

/** Key, value, time, the watermark when it came, whether it is in a pair. */
type SavedHeld<V, K> = readonly [K, V, number, number, boolean]

/** What is particular to a side. */
export interface SideSettings {
  readonly isLeft: boolean
  /** How far behind an event its latest partner may be, ms; negative where all of them are before it. */
  readonly reach: number
  /** An event is held until the watermark is more than this ahead of it, ms. */
  readonly keep: number
  /** Its events leave alone when they have no partner. */
  readonly isPreserved: boolean
}

/** One side of an interval join: how its events are treated, and those that are held, in the order in which they are let go. */
export class IntervalSide<V, K> {
  readonly isLeft: boolean
  readonly reach: number
  readonly keep: number
  readonly isPreserved: boolean
  readonly late: SideWriter<SideEvent<V, K>> | undefined
  size = 0
  private readonly queue = new HeldQueue<SideEvent<V, K>>()
  private readonly changes: Changes<HeldEvent<SideEvent<V, K>>> | undefined

  /** @param dirty counts what changes, if checkpoints are taken */
  constructor(
    { isLeft, reach, keep, isPreserved }: SideSettings,
    late: SideWriter<SideEvent<V, K>> | undefined,
    dirty: DirtyCells | undefined,
  ) {
    this.isLeft = isLeft
    this.reach = reach
    this.keep = keep
    this.isPreserved = isPreserved
    this.late = late
    this.changes = dirty && new Changes(dirty)
  }

  /** Nothing is let go of while the watermark is not greater. */
  get due(): number {
    return this.queue.earliest + this.keep
  }

  /** The arrival of what is let go of next. */
  get next(): number {
    return this.queue.first?.number ?? Infinity
  }

  /** Its events of a key. */
  lineOf(key: HeldKey<SideEvent<V, K>>): HeldLine<HeldEvent<SideEvent<V, K>>> {
    return this.isLeft ? key.left : key.right
  }

  /** @param since the watermark, if it is to be remembered */
  add(
    event: SideEvent<V, K>,
    key: HeldKey<SideEvent<V, K>>,
    number: number,
    since: number,
  ): HeldEvent<SideEvent<V, K>> {
    const held = new HeldEvent(event, key, number, since)
    this.put(held)
    this.changes?.note(held)
    return held
  }

  /** Says that an event is in a pair. */
  match(held: HeldEvent<SideEvent<V, K>>): void {
    if (held.isMatched) return
    held.isMatched = true
    if (this.isPreserved) this.changes?.note(held)
  }

  /** Lets go of the event that is due next; undefined if that was taken back. */
  take(): HeldEvent<SideEvent<V, K>> | undefined {
    const held = this.queue.shift()
    if (held === undefined) return undefined
    // The queue has the order of every line.
    this.lineOf(held.of).shift()
    this.size -= 1
    held.isGone = true
    this.changes?.note(held)
    return held
  }

  /** Finds the latest event of a key that was inserted with the same time and value. */
  find({ time, value }: SideEvent<V, K>, key: HeldKey<SideEvent<V, K>>): HeldEvent<SideEvent<V, K>> | undefined {
    const line = this.lineOf(key)
    for (let place = line.placeAfter(time, Infinity) - 1; ; place--) {
      const held = line.at(place)
      if (held?.event.time !== time) return undefined
      if (isEqual(held.event.value, value)) return held
    }
  }

  /** Removes one that was taken back. */
  remove(held: HeldEvent<SideEvent<V, K>>): void {
    this.lineOf(held.of).remove(held)
    this.size -= 1
    this.queue.drop(held, this.size)
    this.changes?.note(held)
  }

  /**
   * What is held as checkpoints see it, each event under its number.
   *
   * @param keys all that are held
   * @param open finds or adds a key; told the number of what has come back
   */
  saved(
    keys: ReadonlyMap<K, HeldKey<SideEvent<V, K>>>,
    open: (key: K, number: number) => HeldKey<SideEvent<V, K>>,
  ): SavedPart {
    const back: HeldEvent<SideEvent<V, K>>[] = []
    return {
      save: (write, which) => {
        if (which === 'changed') {
          this.changes?.take((held) => write(held.number, held.isGone ? undefined : this.cellOf(held)))
          return
        }
        for (const key of keys.values()) {
          for (const held of this.lineOf(key).values()) write(held.number, this.cellOf(held))
        }
      },
      load(at, cell) {
        const [key, value, time, since, isMatched] = cell as SavedHeld<V, K>
        const number = at as number
        const held = new HeldEvent<SideEvent<V, K>>(eventOf(value, time, key), open(key, number), number, since)
        held.isMatched = isMatched
        back.push(held)
      },
      // Lines and the queue take events in the order of their arrival.
      loaded: () => {
        for (const held of back.toSorted((a, b) => a.number - b.number)) this.put(held)
        back.length = 0
      },
    }
  }

  private put(held: HeldEvent<SideEvent<V, K>>): void {
    this.lineOf(held.of).add(held)
    this.queue.push(held)
    this.size += 1
  }

  private cellOf({ event, since, isMatched }: HeldEvent<SideEvent<V, K>>): SavedHeld<V, K> {
    return [event.key, event.value, event.time, since, this.isPreserved && isMatched]
  }
}
