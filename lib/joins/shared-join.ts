import type { Diff, Event } from '../element.ts'
import { type OpenWindow, WindowStore } from '../panes/window-store.ts'
import type { Window } from '../window.ts'
import { JoinInWindows } from './join-in-windows.ts'
import { Sides } from './sides.ts'

type Target<L, R, K> = OpenWindow<K, Sides<L, R, K>>

/**
 * Joins in windows that are the same for all keys. Rows leave in the order of the windows' ends, and within one in the order of
 * the keys' first events. A window is gone when its rows have left.
 */
export class SharedJoin<L, R, K, P, Q, O> extends JoinInWindows<L, R, K, P, Q, O> {
  private readonly store = new WindowStore<K, Sides<L, R, K>>(0)
  /** What the assigner answered last, with the windows of it that still take events. */
  private assigned: readonly Window[] | undefined
  private targets: readonly Target<L, R, K>[] = []
  /** The watermark at which the next window is complete. */
  private due = Infinity
  /** The keys still to leave of the window that is complete. */
  private leaving: Iterator<Sides<L, R, K>> | undefined
  private sidesCount = 0

  onWatermark(time: number): boolean {
    if (time < this.due) return true
    // What was found may be gone now.
    this.assigned = undefined
    this.targets = []
    const { store } = this
    for (let open = store.next(time); open !== undefined; open = store.next(time)) {
      if (!this.leave(open)) return false
      store.settle(open, time)
      this.ledger.free(open.events)
      this.sidesCount -= open.panes.size
    }
    this.due = store.due
    return true
  }

  entries(): number {
    return this.sidesCount
  }

  protected put(event: Event<L, K, P, Diff> | Event<R, K, Q, Diff>, windows: readonly Window[], input: number): void {
    const { value, time, key } = event
    if (windows !== this.assigned) this.lookUp(windows)
    const { targets } = this
    const last = targets.at(-1)
    if (last === undefined) {
      if (windows.length === 0) this.ledger.noWindow()
      else this.ledger.lateOf(event, input)
      return
    }
    for (let i = 0; i < targets.length; i++) {
      const target = targets[i] as Target<L, R, K>
      const sides = target.panes.get(key) ?? this.open(target, key)
      if (this.isWanted(sides, input)) sides.add(value, input)
      if (target.window.end === Infinity) sides.seen(time)
    }
    last.events += 1
    this.ledger.take(windows.length - targets.length)
  }

  private lookUp(windows: readonly Window[]): void {
    this.assigned = windows
    this.targets = this.store.openAll(this.assigner.name, windows, this.context.watermark)
    this.due = this.store.due
  }

  private open(target: Target<L, R, K>, key: K): Sides<L, R, K> {
    const sides = new Sides<L, R, K>(key)
    target.panes.set(key, sides)
    this.sidesCount += 1
    return sides
  }

  /** Lets the rows of a window leave; false when the turn is over before all have. */
  private leave({ panes, window }: Target<L, R, K>): boolean {
    const { rows, context } = this
    // Of the key at which the last turn was over.
    if (!rows.proceed()) return false
    const leaving = (this.leaving ??= panes.values())
    for (let next = leaving.next(); next.done !== true; next = leaving.next()) {
      rows.begin(next.value, window)
      // Many keys without a row are work, too.
      if (!rows.proceed() || !context.hasRoom()) return false
    }
    this.leaving = undefined
    return true
  }
}
