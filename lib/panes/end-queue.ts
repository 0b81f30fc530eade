import TinyQueue from 'tinyqueue'
import type { Window } from '../window.ts'

/** A window that may grow while it is queued. */
export interface Growing {
  readonly window: Window
  readonly number: number
  readonly isGone: boolean
  queued: number
}

interface Entry<W> {
  readonly window: W
  readonly end: number
  /** The window's. */
  readonly number: number
}

/**
 * Windows in the order of their ends. One that has grown since it was put here is put back when its turn comes, so that growing
 * costs nothing; one that has gone, or belongs elsewhere, is dropped then.
 */
export class EndQueue<W extends Growing> {
  readonly #queue = new TinyQueue<Entry<W>>([], (a, b) => a.end - b.end || a.number - b.number)
  readonly #belongs: (window: W) => boolean

  /** @param belongs tells whether a window still belongs here */
  constructor(belongs: (window: W) => boolean) {
    this.#belongs = belongs
  }

  /** No window here ends before. */
  get due(): number {
    return this.#queue.peek()?.end ?? Infinity
  }

  push(window: W): void {
    const { number } = window
    const { end } = window.window
    window.queued = end
    this.#queue.push({ window, end, number })
  }

  /** Removes and returns the first window, unless it ends after `time`. */
  take(time: number): W | undefined {
    for (let entry = this.#queue.peek(); entry !== undefined && entry.end <= time; entry = this.#queue.peek()) {
      this.#queue.pop()
      const { window, end } = entry
      if (window.isGone || window.queued !== end || !this.#belongs(window)) continue
      if (window.window.end === end) return window
      this.push(window)
    }
    return undefined
  }
}
