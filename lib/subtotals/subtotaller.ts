import type { Aggregate } from '../aggregate.ts'
import type { Slice, WindowSeries } from '../window.ts'
import type { Single, Subtotal, Sum } from './subtotal.ts'

/** What adds up the events of a piece of an input. */
export interface Subtotaller<T, K> {
  /**
   * Adds an event.
   *
   * @returns whether its subtotal still stands for it: once one does not, the piece is to be read again, event by event
   */
  add(key: K, time: number, value: T): boolean
  /** What has come of them, in the order in which the first events of each came. Called once. */
  finish(): readonly Subtotal<K, T>[]
  /**
   * The least end of a slice with an event in it, epoch ms; `Infinity` without any. Where the watermark has come as far before the piece,
   * one of its events is not in time, and what is to become of it depends on where it stood among the others.
   */
  readonly end: number
  /** The highest event time; `-Infinity` without any. */
  readonly highest: number
}

/** What subtotals are made with. */
export interface SubtotalSettings<T> {
  readonly aggregate: Aggregate<T, unknown, unknown>
  readonly series: WindowSeries
  /** How far the watermark stays behind the highest event time, ms; `Infinity` where there is none before the end. */
  readonly delay: number
}

/** A sum that grows. */
interface Growing<K> extends Sum<K> {
  accumulator: unknown
  watermark: number | undefined
}

/**
 * Adds up events by key and slice of time. A slice ends where a window begins or ends, so all of its events have the same windows; and as
 * long as each comes before the watermark passes its slice, nothing depends on their order.
 */
export class SliceSubtotaller<T, K> implements Subtotaller<T, K> {
  readonly #settings: SubtotalSettings<T>
  readonly #sums: Growing<K>[] = []
  /** Positions among the sums, by the starts of slices and by key. */
  readonly #slices = new Map<number, Map<K, number>>()
  /** The slice of the last event. */
  #slice: Slice | undefined
  #ofSlice = new Map<K, number>()
  end: number = Infinity
  highest: number = -Infinity

  constructor(settings: SubtotalSettings<T>) {
    this.#settings = settings
  }

  add(key: K, time: number, value: T): boolean {
    if (this.#slice === undefined || time < this.#slice.start || time >= this.#slice.end) {
      if (!this.#turnTo(time)) return false
    }
    if (time > this.highest) this.highest = time
    const { aggregate } = this.#settings
    const at = this.#ofSlice.get(key)
    if (at === undefined) {
      this.#ofSlice.set(key, this.#sums.length)
      const accumulator = aggregate.add(aggregate.create(true), value, time)
      this.#sums.push({ key, time, accumulator, watermark: undefined })
    } else {
      const sum = this.#sums[at]
      if (sum !== undefined) sum.accumulator = aggregate.add(sum.accumulator, value, time)
    }
    return true
  }

  finish(): readonly Subtotal<K, T>[] {
    const last = this.#sums.at(-1)
    if (last !== undefined) last.watermark = watermarkAt(this.highest, this.#settings.delay)
    return this.#sums
  }

  /** Makes the slice of a time the current one; false if the watermark has passed it, which it can't do while events are in it. */
  #turnTo(time: number): boolean {
    const { series, delay } = this.#settings
    const slice = series.slice(time)
    if (slice.end <= this.highest - delay) return false
    this.#slice = slice
    this.end = Math.min(this.end, slice.end)
    const known = this.#slices.get(slice.start)
    this.#ofSlice = known ?? new Map<K, number>()
    if (known === undefined) this.#slices.set(slice.start, this.#ofSlice)
    return true
  }
}

/** Lets each event be, with the watermark behind it: right in any case, and no faster than the events. */
export class SingleSubtotaller<T, K> implements Subtotaller<T, K> {
  readonly #settings: Pick<SubtotalSettings<T>, 'delay'>
  readonly #singles: Single<K, T>[] = []
  readonly end: number = Infinity
  highest: number = -Infinity

  constructor(settings: Pick<SubtotalSettings<T>, 'delay'>) {
    this.#settings = settings
  }

  add(key: K, time: number, value: T): boolean {
    const rises = time > this.highest
    if (rises) this.highest = time
    this.#singles.push({ key, time, value, watermark: rises ? watermarkAt(time, this.#settings.delay) : undefined })
    return true
  }

  finish(): readonly Subtotal<K, T>[] {
    return this.#singles
  }
}

function watermarkAt(highest: number, delay: number): number | undefined {
  return delay === Infinity ? undefined : Math.max(highest - delay, Number.MIN_SAFE_INTEGER)
}
