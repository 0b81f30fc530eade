import type { DirtyCells } from '../checkpoint/dirty-cells.ts'
import TinyQueue from 'tinyqueue'
import { Changes, type SavedCell } from '../checkpoint/changes.ts'
import type { SavedPart } from '../checkpoint/saved-state.ts'
import { event, type Diff, type Event } from '../element.ts'
import type { Accumulators } from './accumulators.ts'

/** What the events of a key at one instant come to. */
export interface Instant<T, K, P> extends SavedCell {
  readonly key: K
  readonly time: number
  /** Order of coming: breaks ties between keys. */
  readonly number: number
  isGone: boolean
  accumulator: unknown
  events: number
  /** The events, as long as no window has taken them. */
  untaken: Event<T, K, P, Diff>[]
}

/** Number, accumulator, events, and values and panes of those that no window has taken. */
type SavedInstant<T, P> = readonly [number, unknown, number, readonly (readonly [T, P])[]]

/** The instants of each key at which something happened, in the order of time, until no window can reach them any more. */
export class Instants<T, K, P> {
  readonly #byKey = new Map<K, Instant<T, K, P>[]>()
  readonly #queue = new TinyQueue<Instant<T, K, P>>([], (a, b) => a.time - b.time || a.number - b.number)
  readonly #changes: Changes<Instant<T, K, P>> | undefined
  #numbers = 0

  /** @param dirty counts what changes, if checkpoints are taken */
  constructor(dirty?: DirtyCells) {
    this.#changes = dirty && new Changes(dirty)
  }

  /** Instants of all keys. */
  get size(): number {
    return this.#queue.length
  }

  /** Finds the instant of an event, or makes it. */
  at(key: K, time: number, create: () => unknown): Instant<T, K, P> {
    const instants = this.#byKey.get(key) ?? []
    const found = instants[firstFrom(instants, time)]
    if (found?.time === time) return found
    const number = this.#numbers++
    return this.#put({
      key,
      time,
      number,
      isGone: false,
      accumulator: create(),
      events: 0,
      untaken: [],
      isChanged: false,
    })
  }

  /** Notes that an instant has changed. */
  touch(instant: Instant<T, K, P>): void {
    this.#changes?.note(instant)
  }

  /** The instants of a key in `[start, end)`. */
  within(key: K, start: number, end: number): readonly Instant<T, K, P>[] {
    const instants = this.#byKey.get(key) ?? []
    return instants.slice(firstFrom(instants, start), firstFrom(instants, end))
  }

  /** Removes and returns the earliest instant, if it lies before `time`. */
  takeBefore(time: number): Instant<T, K, P> | undefined {
    const next = this.#queue.peek()
    if (next === undefined || next.time >= time) return undefined
    this.#queue.pop()
    next.isGone = true
    this.touch(next)
    const instants = this.#byKey.get(next.key)
    if (instants?.length === 1) this.#byKey.delete(next.key)
    return instants?.shift()
  }

  /**
   * The instants as checkpoints see them.
   *
   * @param accumulators what makes those that were saved what they are now
   * @param restored told of each that has been taken back
   */
  saved(
    accumulators: Pick<Accumulators<never, unknown>, 'restore'>,
    restored: (instant: Instant<T, K, P>) => void,
  ): SavedPart {
    const cellOf = ({ number, accumulator, events, untaken }: Instant<T, K, P>): SavedInstant<T, P> => [
      number,
      accumulator,
      events,
      untaken.map(({ value, pane }) => [value, pane] as const),
    ]
    return {
      save: (write, which) => {
        if (which === 'all') for (const each of this.#queue.data) write([each.key, each.time], cellOf(each))
        else this.#changes?.take((each) => write([each.key, each.time], each.isGone ? undefined : cellOf(each)))
      },
      load: (at, cell) => {
        const [key, time] = at as [K, number]
        const [number, saved, events, values] = cell as SavedInstant<T, P>
        const untaken = values.map(([value, pane]) => event<T, K, P, Diff>(value, time, key, 1, pane))
        const accumulator = accumulators.restore(saved)
        this.#numbers = Math.max(this.#numbers, number + 1)
        restored(this.#put({ key, time, number, isGone: false, accumulator, events, untaken, isChanged: false }))
      },
    }
  }

  #put(instant: Instant<T, K, P>): Instant<T, K, P> {
    const { key, time } = instant
    let instants = this.#byKey.get(key)
    if (instants === undefined) this.#byKey.set(key, (instants = []))
    instants.splice(firstFrom(instants, time), 0, instant)
    this.#queue.push(instant)
    return instant
  }

  /** The earliest instant. */
  get first(): number {
    return this.#queue.peek()?.time ?? Infinity
  }
}

/** The index of the first instant at or after `time`. */
function firstFrom<T, K, P>(instants: readonly Instant<T, K, P>[], time: number): number {
  let from = 0
  let until = instants.length
  while (from < until) {
    const middle = (from + until) >>> 1
    if ((instants[middle]?.time ?? Infinity) < time) from = middle + 1
    else until = middle
  }
  return from
}
