import type { Slice, WindowSeries } from '../window.ts'

/** When the windows of a series come to their ends. */
export class SeriesTimes {
  readonly #series: WindowSeries
  readonly #allowedLateness: number

  /** @param allowedLateness ms */
  constructor(series: WindowSeries, allowedLateness: number) {
    this.#series = series
    this.#allowedLateness = allowedLateness
  }

  /** The watermark at which a window expires. */
  expiry(number: number): number {
    return this.#series.window(number).end + this.#allowedLateness
  }

  /** The first window of a slice that a watermark has not completed; one after the last if it has completed all. */
  firstIncomplete(slice: Slice, watermark: number): number {
    return this.#firstEndingAfter(slice, watermark)
  }

  /** The first window of a slice that has not expired; one after the last if all have. */
  firstKept(slice: Slice, watermark: number): number {
    return this.#firstEndingAfter(slice, watermark - this.#allowedLateness)
  }

  #firstEndingAfter({ first, last }: Slice, time: number): number {
    let from = first
    let until = last + 1
    while (from < until) {
      const middle = Math.floor((from + until) / 2)
      if (this.#series.window(middle).end > time) until = middle
      else from = middle + 1
    }
    return from
  }
}
