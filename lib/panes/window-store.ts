import type { DirtyCells } from '../checkpoint/dirty-cells.ts'
import TinyQueue from 'tinyqueue'
import { Changes, type SavedCell } from '../checkpoint/changes.ts'
import type { SavedPart } from '../checkpoint/saved-state.ts'
import type { Window } from '../window.ts'
import { checkedWindow } from './checked-window.ts'

/** A window that takes events, shared by all keys, and what is kept of each key in it. */
export class OpenWindow<K, P> implements SavedCell {
  readonly window: Window
  /** Order of opening. */
  readonly number: number
  readonly panes: Map<K, P> = new Map()
  /** The watermark has reached the end, and the on-time panes have left. */
  isComplete = false
  /** Events whose last window this is, so that each event counts once. */
  events = 0
  isGone = false
  isChanged = false
  /** Another one with the same end. */
  sibling: OpenWindow<K, P> | undefined = undefined

  constructor(window: Window, number: number) {
    this.window = window
    this.number = number
  }
}

/** Start, end, whether it is complete, events. */
type SavedWindow = readonly [number, number, boolean, number]

/** The open windows of an operator, handed out in the order in which the watermark completes and expires them. */
export class WindowStore<K, P> {
  readonly #allowedLateness: number
  /** By end, the others with the same one as siblings: few share one. */
  readonly #byEnd = new Map<number, OpenWindow<K, P>>()
  readonly #incomplete = new TinyQueue<OpenWindow<K, P>>([], byEnd)
  /** Complete, but still taking late events. */
  readonly #lingering = new TinyQueue<OpenWindow<K, P>>([], byEnd)

  readonly #changes: Changes<OpenWindow<K, P>> | undefined
  #numbers = 0

  /**
   * @param allowedLateness ms
   * @param dirty counts what changes, if checkpoints are taken
   */
  constructor(allowedLateness: number, dirty?: DirtyCells) {
    this.#allowedLateness = allowedLateness
    this.#changes = dirty && new Changes(dirty)
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
    const opened = new OpenWindow<K, P>(window, this.#numbers++)
    opened.isComplete = window.end <= watermark
    this.#put(opened)
    this.#changes?.note(opened)
    return opened
  }

  /** All that are open. */
  *windows(): Generator<OpenWindow<K, P>> {
    for (const open of this.#byEnd.values()) {
      for (let each: OpenWindow<K, P> | undefined = open; each !== undefined; each = each.sibling) yield each
    }
  }

  /** Counts an event whose last window this is. */
  count(open: OpenWindow<K, P>): void {
    open.events += 1
    this.#changes?.note(open)
  }

  /** The windows as checkpoints see them, without their panes. */
  saved(): SavedPart {
    const cellOf = ({ window, isComplete, events }: OpenWindow<K, P>): SavedWindow => [
      window.start,
      window.end,
      isComplete,
      events,
    ]
    return {
      save: (write, which) => {
        if (which === 'all') for (const open of this.windows()) write(open.number, cellOf(open))
        else this.#changes?.take((open) => write(open.number, open.isGone ? undefined : cellOf(open)))
      },
      load: (key, cell) => {
        const number = key as number
        const [start, end, isComplete, events] = cell as SavedWindow
        const open = new OpenWindow<K, P>({ start, end }, number)
        open.isComplete = isComplete
        open.events = events
        this.#numbers = Math.max(this.#numbers, number + 1)
        this.#put(open)
      },
    }
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
    this.#changes?.note(open)
    if (this.expiry(open.window) > watermark) this.#lingering.push(open)
    else this.#forget(open)
  }

  #put(open: OpenWindow<K, P>): void {
    const { end } = open.window
    open.sibling = this.#byEnd.get(end)
    this.#byEnd.set(end, open)
    if (open.isComplete) this.#lingering.push(open)
    else this.#incomplete.push(open)
  }

  #forget(gone: OpenWindow<K, P>): void {
    gone.isGone = true
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
