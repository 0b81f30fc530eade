import { savedParts } from '../checkpoint/saved-parts.ts'
import type { SavedState } from '../checkpoint/saved-state.ts'
import type { Diff, Event } from '../element.ts'
import { type OpenWindow, WindowStore } from '../panes/window-store.ts'
import type { Window, WindowAssigner } from '../window.ts'
import type { OperatorContext } from '../wiring/machine.ts'
import type { Combination } from './combination.ts'
import { JoinInWindows } from './join-in-windows.ts'
import type { LateOutputs } from './join-ledger.ts'
import type { Row } from './pane-rows.ts'
import { Sides } from './sides.ts'
import { type NumberedCell, SidesCells } from './sides-cells.ts'

/** The values of a key in a window, as checkpoints see them, too. */
class SharedSides<L, R, K> extends Sides<L, R, K> implements NumberedCell {
  readonly window: Window
  readonly number: number
  isGone = false
  isChanged = false

  constructor(window: Window, key: K, number: number) {
    super(key)
    this.window = window
    this.number = number
  }
}

type Target<L, R, K> = OpenWindow<K, SharedSides<L, R, K>>

/** Start and end, key, values of both sides, time of the latest one in a window without an end. */
type SavedSides<L, R, K> = readonly [number, number, K, L[], R[], number | undefined]

/**
 * Joins in windows that are the same for all keys. Rows leave in the order of the windows' ends, and within one in the order of
 * the keys' first events. A window is gone when its rows have left.
 */
export class SharedJoin<L, R, K, P, Q, O> extends JoinInWindows<L, R, K, P, Q, O> {
  readonly saved: SavedState
  private readonly store: WindowStore<K, SharedSides<L, R, K>>
  private readonly cells: SidesCells<SharedSides<L, R, K>>
  private numbers = 0
  /** What the assigner answered last, with the windows of it that still take events. */
  private assigned: readonly Window[] | undefined
  private targets: readonly Target<L, R, K>[] = []
  /** The watermark at which the next window is complete. */
  private due = Infinity
  /** The keys still to leave of the window that is complete. */
  private leaving: Iterator<SharedSides<L, R, K>> | undefined
  private sidesCount = 0

  constructor(
    assigner: WindowAssigner<L | R>,
    combination: Combination<L, R, O>,
    context: OperatorContext<Row<O, K>>,
    late: LateOutputs<Event<L, K, P, Diff>, Event<R, K, Q, Diff>>,
  ) {
    super(assigner, combination, context, late)
    this.store = new WindowStore(0, context.dirty)
    this.cells = new SidesCells(
      {
        all: () => this.all(),
        save: ({ window, key, left, right, latest }) => [window.start, window.end, key, left, right, latest],
        load: (number, cell) => this.load(number, cell as SavedSides<L, R, K>),
      },
      context.dirty,
    )
    const parts = savedParts(1, { windows: this.store.saved(), sides: this.cells })
    this.saved = { ...parts, loaded: () => this.loaded(parts) }
  }

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
      this.free(open)
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
      this.cells.note(sides)
    }
    this.store.count(last)
    this.ledger.take(windows.length - targets.length)
  }

  private lookUp(windows: readonly Window[]): void {
    this.assigned = windows
    this.targets = this.store.openAll(this.assigner.name, windows, this.context.watermark)
    this.due = this.store.due
  }

  private open(target: Target<L, R, K>, key: K): SharedSides<L, R, K> {
    const sides = new SharedSides<L, R, K>(target.window, key, this.numbers++)
    target.panes.set(key, sides)
    this.sidesCount += 1
    return sides
  }

  private free({ panes }: Target<L, R, K>): void {
    this.sidesCount -= panes.size
    if (!this.context.dirty) return
    for (const sides of panes.values()) {
      sides.isGone = true
      this.cells.note(sides)
    }
  }

  private *all(): Generator<SharedSides<L, R, K>> {
    for (const { panes } of this.store.windows()) yield* panes.values()
  }

  private load(number: number, [start, end, key, left, right, latest]: SavedSides<L, R, K>): void {
    this.numbers = number
    // Whether a window is complete has been taken back with it.
    const sides = this.open(this.store.open({ start, end }, -Infinity), key)
    sides.left = left
    sides.right = right
    sides.latest = latest
  }

  private loaded(parts: SavedState): void {
    parts.loaded?.()
    for (const { events } of this.store.windows()) this.ledger.held += events
    this.due = this.store.due
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
