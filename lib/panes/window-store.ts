import TinyQueue from 'tinyqueue'
import type { Window } from '../window.ts'
import { checkedWindow } from './checked-window.ts'

/** A window that takes events, shared by all keys, and what is kept of each key in it. */
export class OpenWindow<K, P> {
  readonly window: Window
  readonly panes: Map<K, P> = new Map()
  /** The watermark has reached the end, and the on-time panes have left. */
  isComplete = false
  /** Events whose last window this is, so that each event counts once. */
  events = 0
  /** Another one with the same end. */
  sibling: OpenWindow<K, P> | undefined = undefined

  constructor(window: Window) {
    this.window = window
  }
}

/** The open windows of an operator, handed out in the order in which the watermark completes and expires them. */
export class WindowStore<K, P> {
  readonly #allowedLateness: number
  /** By end, the others with the same one as siblings: few share one. */
  readonly #byEnd = new Map<number, OpenWindow<K, P>>()
  readonly #incomplete = new TinyQueue<OpenWindow<K, P>>([], byEnd)
  /** Complete, but still taking late events. */
  readonly #lingering = new TinyQueue<OpenWindow<K, P>>([], byEnd)

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
  open(window: Window, watermark: number): OpenWindow<K, P> {
    const sameEnd = this.#byEnd.get(window.end)
    for (let open = sameEnd; open !== undefined; open = open.sibling) {
      if (open.window.start === window.start) return open
    }
    const opened = new OpenWindow<K, P>(window)
    opened.isComplete = window.end <= watermark
    opened.sibling = sameEnd
    this.#byEnd.set(window.end, opened)
    if (opened.isComplete) this.#lingering.push(opened)
    else this.#incomplete.push(opened)
    return opened
  }

  /** Finds or opens those of some windows that still take events, and checks each; `who` names the assigner that gave them. */
  openAll(who: string, windows: readonly Window[], watermark: number): OpenWindow<K, P>[] {
    const open: OpenWindow<K, P>[] = []
    for (const window of windows) {
      checkedWindow(who, window)
      if (this.expiry(window) > watermark) open.push(this.open(window, watermark))
    }
    return open
  }

  /** The window that is next in the order of ends, of those that `watermark` completes or expires. */
  next(watermark: number): OpenWindow<K, P> | undefined {
    // What lingers ended before what is not complete.
    const lingering = this.#lingering.peek()
    if (lingering !== undefined && this.expiry(lingering.window) <= watermark) return lingering
    const incomplete = this.#incomplete.peek()
    return incomplete !== undefined && incomplete.window.end <= watermark ? incomplete : undefined
  }

  /** Says that the panes of `next` have left. It lingers until it expires, which may be now. */
  settle(open: OpenWindow<K, P>, watermark: number): void {
    if (open.isComplete) this.#lingering.pop()
    else this.#incomplete.pop()
    open.isComplete = true
    if (this.expiry(open.window) > watermark) this.#lingering.push(open)
    else this.#forget(open)
  }

  #forget(gone: OpenWindow<K, P>): void {
    const { end } = gone.window
    let before = this.#byEnd.get(end)
    if (before === gone) {
      if (gone.sibling === undefined) this.#byEnd.delete(end)
      else this.#byEnd.set(end, gone.sibling)
      return
    }
    while (before !== undefined && before.sibling !== gone) before = before.sibling
    if (before !== undefined) before.sibling = gone.sibling
  }
}

function byEnd<K, P>(a: OpenWindow<K, P>, b: OpenWindow<K, P>): number {
  return a.window.end - b.window.end || a.window.start - b.window.start
}
