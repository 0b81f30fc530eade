import type { DirtyCells } from '../checkpoint/dirty-cells.ts'
import { Changes, type SavedCell } from '../checkpoint/changes.ts'
import type { SavedPart } from '../checkpoint/saved-state.ts'
import { absent, type Accumulators } from './accumulators.ts'
import { Timeline } from './timeline.ts'

/** The timeline of a key. */
class KeyTimeline<K> extends Timeline implements SavedCell {
  readonly key: K
  /** In the order in which the keys came. */
  readonly number: number
  isChanged = false
  /** Slices whose parts have changed, come or gone since the last checkpoint. */
  readonly changed: Set<number> = new Set()

  constructor(accumulators: Accumulators<never, unknown>, key: K, number: number) {
    super(accumulators)
    this.key = key
    this.number = number
  }
}

/** The timelines of all keys, in the order in which the keys came. */
export class Timelines<T, K> {
  readonly #accumulators: Accumulators<T, unknown>
  readonly #byKey = new Map<K, KeyTimeline<K>>()
  readonly #changes: Changes<KeyTimeline<K>> | undefined
  #numbers = 0
  /** What is left of a step that goes through all keys. */
  #left: Iterator<[K, Timeline]> | undefined
  /** Parts in all of them. */
  parts = 0

  /** @param dirty counts what changes, if checkpoints are taken */
  constructor(accumulators: Accumulators<T, unknown>, dirty?: DirtyCells) {
    this.#accumulators = accumulators
    this.#changes = dirty && new Changes(dirty)
  }

  /** Finds the timeline of a key, or makes it. */
  of(key: K): Timeline {
    return this.#of(key)
  }

  /** Adds the part of a slice that starts after all others. */
  append(key: K, start: number, part: unknown): void {
    const timeline = this.#of(key)
    timeline.append(start, part)
    this.parts += 1
    this.#note(timeline, start)
  }

  /** Changes the part of a slice. */
  change(key: K, start: number, change: (accumulator: unknown) => unknown): void {
    const timeline = this.#of(key)
    if (timeline.change(start, change)) this.parts += 1
    this.#note(timeline, start)
  }

  /** Drops the slices of a key that start before a time. */
  dropBefore(key: K, timeline: Timeline, start: number): void {
    const of = this.#byKey.get(key)
    if (this.#changes !== undefined && of !== undefined) {
      for (const dropped of timeline.startsBefore(start)) this.#note(of, dropped)
    }
    this.parts -= timeline.dropBefore(start)
    if (timeline.size === 0) this.#byKey.delete(key)
  }

  /** Goes through all keys, in as many turns as it takes: false when there are some left. */
  forEach(hasRoom: () => boolean, step: (key: K, timeline: Timeline) => void): boolean {
    const left = (this.#left ??= this.#byKey.entries())
    for (let next = left.next(); next.done !== true; next = left.next()) {
      step(...next.value)
      if (!hasRoom()) return false
    }
    this.#left = undefined
    return true
  }

  /** Keys and parts as checkpoints see them. */
  saved(): SavedPart {
    const numbers: (readonly [number, K])[] = []
    const parts: (readonly [start: number, key: K, part: unknown])[] = []
    return {
      save: (write, which) => {
        const writePart = (timeline: KeyTimeline<K>, start: number): void => {
          const part = timeline.part(start)
          write([timeline.key, start], part === absent ? undefined : [part])
        }
        if (which === 'all') {
          for (const timeline of this.#byKey.values()) {
            write([timeline.key], timeline.number)
            for (const start of timeline.startsBefore(Infinity)) writePart(timeline, start)
          }
          return
        }
        this.#changes?.take((timeline) => {
          const { key, number, changed } = timeline
          write([key], this.#byKey.get(key) === timeline ? number : undefined)
          for (const start of changed) writePart(timeline, start)
          changed.clear()
        })
      },
      load: (at, cell) => {
        const [key, start] = at as readonly [K, number?]
        if (start === undefined) numbers.push([cell as number, key])
        else parts.push([start, key, (cell as readonly [unknown])[0]])
      },
      loaded: () => {
        for (const [number, key] of numbers.sort(([a], [b]) => a - b)) {
          this.#numbers = number + 1
          this.#byKey.set(key, new KeyTimeline(this.#accumulators, key, number))
        }
        for (const [start, key, part] of parts.sort(([a], [b]) => a - b)) {
          this.#byKey.get(key)?.append(start, this.#accumulators.restore(part))
          this.parts += 1
        }
      },
    }
  }

  #of(key: K): KeyTimeline<K> {
    let timeline = this.#byKey.get(key)
    if (timeline === undefined) {
      timeline = new KeyTimeline(this.#accumulators, key, this.#numbers++)
      this.#byKey.set(key, timeline)
      this.#changes?.note(timeline)
    }
    return timeline
  }

  #note(timeline: KeyTimeline<K>, start: number): void {
    if (this.#changes === undefined) return
    timeline.changed.add(start)
    this.#changes.note(timeline)
  }
}
