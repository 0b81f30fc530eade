import type { Window } from '../lib/window.ts'

/** Counts different windows among results. Holds those that may still give one: as many as open at once, however long it runs. */
export class WindowCount {
  /** Windows so far. */
  total = 0
  readonly #allowedLateness: number
  readonly #starts = new Map<number, Window>()

  /** @param allowedLateness ms; a window has its last result when the end of another is that far ahead of its own */
  constructor(allowedLateness: number) {
    this.#allowedLateness = allowedLateness
  }

  /** Windows it holds. */
  get held(): number {
    return this.#starts.size
  }

  add(window: Window): void {
    if (this.#starts.has(window.start)) return
    this.total += 1
    for (const { start, end } of this.#starts.values()) {
      if (end + this.#allowedLateness <= window.end) this.#starts.delete(start)
    }
    this.#starts.set(window.start, window)
  }
}
