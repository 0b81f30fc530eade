import type { Window } from '../lib/window.ts'
import type { Config } from './config.ts'
import type { Result } from './rows.ts'

/** Counts different windows among results. Holds those that may still give one: as many as open at once, however long it runs. */
export class WindowCount {
  /** Windows so far. */
  total = 0
  readonly #allowedLateness: number
  /** By their ends, because windows that grow start together. */
  readonly #windows = new Map<number, Window>()

  readonly #isOfKeys: boolean
  /** The latest end of those that were complete. */
  #complete = -Infinity

  constructor({ allowedLateness, window }: Pick<Config, 'allowedLateness' | 'window'>) {
    // A window has its last result when the end of another is that far ahead of its own.
    this.#allowedLateness = allowedLateness
    this.#isOfKeys = window.kind === 'session' || window.kind === 'sliding' || window.kind === 'count'
  }

  /** Windows it holds. */
  get held(): number {
    return this.#windows.size
  }

  add({ window, timing, isFirst, diff }: Pick<Result, 'window' | 'timing' | 'isFirst' | 'diff'>): void {
    if (this.#isOfKeys) {
      // Each key has its own, so that none is counted before its first result.
      if (isFirst && diff === 1) this.total += 1
      return
    }
    if (!this.#windows.has(window.end)) {
      this.total += 1
      this.#windows.set(window.end, window)
    }
    // A window that has results before it is complete says nothing of those before it.
    if (timing === 'early' || window.end <= this.#complete) return
    this.#complete = window.end
    for (const { end } of this.#windows.values()) {
      if (end < window.end && end + this.#allowedLateness <= window.end) this.#windows.delete(end)
    }
  }
}
