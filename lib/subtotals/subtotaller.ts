import type { Aggregate } from '../aggregate.ts'
import type { WindowSeries } from '../window.ts'
import { SliceGroups, watermarkAt } from './slice-groups.ts'
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
  /** As of `SliceGroups`. */
  readonly end: number
}

/** What subtotals are made with. */
export interface SubtotalSettings<T> {
  readonly aggregate: Aggregate<T, unknown, unknown>
  readonly series: WindowSeries
  /** How far the watermark stays behind the highest event time, ms; `Infinity` where there is none before the end. */
  readonly delay: number
}

/** Adds up events by key and slice of time. */
export class SliceSubtotaller<T, K> implements Subtotaller<T, K> {
  readonly #aggregate: Aggregate<T, unknown, unknown>
  readonly #groups: SliceGroups<K>
  /** By group. */
  readonly #accumulators: unknown[] = []

  constructor({ aggregate, series, delay }: SubtotalSettings<T>) {
    this.#aggregate = aggregate
    this.#groups = new SliceGroups(series, delay)
  }

  get end(): number {
    return this.#groups.end
  }

  add(key: K, time: number, value: T): boolean {
    if (!this.#groups.turnTo(time)) return false
    const group = this.#groups.groupOf(key, time)
    if (group === this.#accumulators.length) this.#accumulators.push(this.#aggregate.create(true))
    this.#accumulators[group] = this.#aggregate.add(this.#accumulators[group], value, time)
    return true
  }

  finish(): readonly Subtotal<K, T>[] {
    return sums(this.#groups, (group) => this.#accumulators[group])
  }
}

/** Makes the sums of groups; the watermark is behind the last one. */
export function sums<K>(groups: SliceGroups<K>, accumulatorOf: (group: number) => unknown): readonly Sum<K>[] {
  const { keys, times } = groups
  return keys.map((key, group) => ({
    key,
    time: times[group] ?? 0,
    accumulator: accumulatorOf(group),
    watermark: group === keys.length - 1 ? groups.watermark() : undefined,
  }))
}

/** Lets each event be, with the watermark behind it: right in any case, and no faster than the events. */
export class SingleSubtotaller<T, K> implements Subtotaller<T, K> {
  readonly #settings: Pick<SubtotalSettings<T>, 'delay'>
  readonly #singles: Single<K, T>[] = []
  readonly end: number = Infinity
  #highest = -Infinity

  constructor(settings: Pick<SubtotalSettings<T>, 'delay'>) {
    this.#settings = settings
  }

  add(key: K, time: number, value: T): boolean {
    const rises = time > this.#highest
    if (rises) this.#highest = time
    this.#singles.push({ key, time, value, watermark: rises ? watermarkAt(time, this.#settings.delay) : undefined })
    return true
  }

  finish(): readonly Subtotal<K, T>[] {
    return this.#singles
  }
}
