import type { Accumulators } from './accumulators.ts'
import { Timeline } from './timeline.ts'

/** The timelines of all keys, in the order in which the keys came. */
export class Timelines<T, K> {
  readonly #accumulators: Accumulators<T, unknown>
  readonly #byKey = new Map<K, Timeline>()
  /** What is left of a step that goes through all keys. */
  #left: Iterator<[K, Timeline]> | undefined
  /** Parts in all of them. */
  parts = 0

  constructor(accumulators: Accumulators<T, unknown>) {
    this.#accumulators = accumulators
  }

  /** Finds the timeline of a key, or makes it. */
  of(key: K): Timeline {
    let timeline = this.#byKey.get(key)
    if (timeline === undefined) this.#byKey.set(key, (timeline = new Timeline(this.#accumulators)))
    return timeline
  }

  /** Adds the part of a slice that starts after all others. */
  append(key: K, start: number, part: unknown): void {
    this.of(key).append(start, part)
    this.parts += 1
  }

  /** Changes the part of a slice. */
  change(key: K, start: number, change: (accumulator: unknown) => unknown): void {
    if (this.of(key).change(start, change)) this.parts += 1
  }

  /** Drops the slices of a key that start before a time. */
  dropBefore(key: K, timeline: Timeline, start: number): void {
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
}
