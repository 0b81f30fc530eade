import type { Slice, WindowSeries } from '../window.ts'

/**
 * Numbers the groups of events that have a key and a slice of time in common, in the order in which their first events come. A slice ends
 * where a window begins or ends, so all of its events have the same windows; and as long as each comes before the watermark passes its
 * slice, nothing depends on their order.
 */
export class SliceGroups<K> {
  readonly #series: WindowSeries
  readonly #delay: number
  /** By the starts of slices, then by key. */
  readonly #slices = new Map<number, { readonly number: number; readonly groups: Map<K, number> }>()
  /** The one that was turned to last. */
  #slice: Slice = { start: Infinity, end: -Infinity, first: 0, last: 0 }
  #groups = new Map<K, number>()
  readonly #keys: K[] = []
  readonly #times: number[] = []
  #number = 0
  /**
   * The least end of a slice with an event in it, epoch ms; `Infinity` without any. Where the watermark has come as far before the piece,
   * one of its events is not in time, and what is to become of it depends on where it stood among the others.
   */
  end: number = Infinity
  /** The highest event time; `-Infinity` without any. */
  highest: number = -Infinity

  /** @param delay how far the watermark stays behind the highest event time, ms; `Infinity` where there is none before the end */
  constructor(series: WindowSeries, delay: number) {
    this.#series = series
    this.#delay = delay
  }

  /** Keys of the groups, by number. */
  get keys(): readonly K[] {
    return this.#keys
  }

  /** The slice that was turned to last. */
  get slice(): Slice {
    return this.#slice
  }

  /** Its number, from 1 on. */
  get number(): number {
    return this.#number
  }

  /** The times of their first events. */
  get times(): readonly number[] {
    return this.#times
  }

  /**
   * Goes to the slice of an event.
   *
   * @returns whether the event is in time, and not behind the watermark that those before it give
   */
  turnTo(time: number): boolean {
    if (time < this.#slice.start || time >= this.#slice.end) {
      const slice = this.#series.slice(time)
      // While events are in a slice, the watermark can't pass its end.
      if (slice.end <= this.highest - this.#delay) return false
      this.#enter(slice)
    }
    this.raise(time)
    return true
  }

  /** Says that there were events up to a time in the slice that was turned to last. */
  raise(time: number): void {
    if (time > this.highest) this.highest = time
  }

  /** The number of the group of a key, in the slice that was turned to last. */
  groupOf(key: K, time: number): number {
    const known = this.#groups.get(key)
    if (known !== undefined) return known
    const group = this.#keys.push(key) - 1
    this.#times.push(time)
    this.#groups.set(key, group)
    return group
  }

  /** The watermark that the events give; `undefined` for none. */
  watermark(): number | undefined {
    return watermarkAt(this.highest, this.#delay)
  }

  #enter(slice: Slice): void {
    this.#slice = slice
    this.end = Math.min(this.end, slice.end)
    let known = this.#slices.get(slice.start)
    if (known === undefined) {
      known = { number: this.#slices.size + 1, groups: new Map() }
      this.#slices.set(slice.start, known)
    }
    this.#number = known.number
    this.#groups = known.groups
  }
}

/** The watermark behind the highest event time. */
export function watermarkAt(highest: number, delay: number): number | undefined {
  return delay === Infinity ? undefined : Math.max(highest - delay, Number.MIN_SAFE_INTEGER)
}
