import TinyQueue from 'tinyqueue'
import type { Window } from '../window.ts'

/** What is kept for one key in one window. */
export interface PaneState<A> {
  accumulator: A
  /** Panes that have left. */
  fired: number
}

/** A window that takes events, and the keys in it. */
export class OpenWindow<K, A> {
  readonly window: Window
  readonly keys: Map<K, PaneState<A>> = new Map()
  /** The watermark has reached the end, and the on-time panes have left. */
  isComplete = false
  /** Events whose last window this is, so that each event counts once. */
  events = 0

  constructor(window: Window) {
    this.window = window
  }
}

/** The open windows of an operator, handed out in the order in which the watermark completes and expires them. */
export class WindowStore<K, A> {
  readonly #allowedLateness: number
  /** By end; few windows share one. */
  readonly #byEnd = new Map<number, OpenWindow<K, A>[]>()
  readonly #incomplete = new TinyQueue<OpenWindow<K, A>>([], byEnd)
  /** Complete, but still taking late events. */
  readonly #lingering = new TinyQueue<OpenWindow<K, A>>([], byEnd)

  /** @param allowedLateness ms */
  constructor(allowedLateness: number) {
    this.#allowedLateness = allowedLateness
  }

  /** The watermark at which the next window completes or expires. */
  get due(): number {
    const incomplete = this.#incomplete.peek()
    const lingering = this.#lingering.peek()
    return Math.min(
      incomplete === undefined ? Infinity : incomplete.window.end,
      lingering === undefined ? Infinity : this.expiry(lingering.window),
    )
  }

  /** The watermark at which a window expires. */
  expiry(window: Window): number {
    return window.end + this.#allowedLateness
  }

  /** Finds a window, or opens it; `watermark` decides whether it is complete from the start. */
  open(window: Window, watermark: number): OpenWindow<K, A> {
    let sameEnd = this.#byEnd.get(window.end)
    if (sameEnd === undefined) this.#byEnd.set(window.end, (sameEnd = []))
    const found = sameEnd.find((open) => open.window.start === window.start)
    if (found !== undefined) return found
    const opened = new OpenWindow<K, A>(window)
    opened.isComplete = window.end <= watermark
    sameEnd.push(opened)
    if (opened.isComplete) this.#lingering.push(opened)
    else this.#incomplete.push(opened)
    return opened
  }

  /** The earliest window that `watermark` completes and that has not been marked so. */
  completing(watermark: number): OpenWindow<K, A> | undefined {
    const open = this.#incomplete.peek()
    return open !== undefined && open.window.end <= watermark ? open : undefined
  }

  /** Marks the earliest incomplete window as complete. */
  complete(): void {
    const open = this.#incomplete.pop()
    if (open === undefined) return
    open.isComplete = true
    this.#lingering.push(open)
  }

  /** Removes and returns the earliest window that `watermark` expires. */
  takeExpired(watermark: number): OpenWindow<K, A> | undefined {
    const open = this.#lingering.peek()
    if (open === undefined || this.expiry(open.window) > watermark) return undefined
    this.#lingering.pop()
    const sameEnd = this.#byEnd.get(open.window.end)?.filter((other) => other !== open) ?? []
    if (sameEnd.length === 0) this.#byEnd.delete(open.window.end)
    else this.#byEnd.set(open.window.end, sameEnd)
    return open
  }
}

function byEnd<K, A>(a: OpenWindow<K, A>, b: OpenWindow<K, A>): number {
  return a.window.end - b.window.end || a.window.start - b.window.start
}
