import { savedParts } from '../checkpoint/saved-parts.ts'
import type { SavedState } from '../checkpoint/saved-state.ts'
import type { Diff, Event } from '../element.ts'
import { checkedWindow } from '../panes/checked-window.ts'
import { belongTogether, type MergingAssigner } from '../panes/merging-assigner.ts'
import { neighboursOf } from '../panes/neighbours.ts'
import { type Session, SessionStore } from '../panes/session-store.ts'
import type { Window } from '../window.ts'
import type { OperatorContext } from '../wiring/machine.ts'
import type { Combination } from './combination.ts'
import { JoinInWindows } from './join-in-windows.ts'
import type { LateOutputs } from './join-ledger.ts'
import { MergingSides, type SavedSides } from './merging-sides.ts'
import type { Row } from './pane-rows.ts'
import { SidesCells } from './sides-cells.ts'

type JoinedSession<L, R, K> = Session<K, unknown, MergingSides<L, R, K>>

/** Start and end, key, events, and both sides. */
type SavedSession<L, R, K> = readonly [number, number, K, number, SavedSides<L, R>]

/**
 * Joins in windows that each key has for itself and that merge, whichever side their events are of. Rows leave in the order of
 * the windows' ends. A window is gone when its rows have left.
 */
export class MergingJoin<L, R, K, P, Q, O> extends JoinInWindows<L, R, K, P, Q, O, MergingAssigner<L | R>> {
  private readonly store = new SessionStore<K, unknown, MergingSides<L, R, K>>(0)
  /** The window whose rows are leaving. */
  private leaving: JoinedSession<L, R, K> | undefined
  private arrivals = 0
  readonly saved: SavedState
  private readonly cells: SidesCells<JoinedSession<L, R, K>>

  constructor(
    assigner: MergingAssigner<L | R>,
    combination: Combination<L, R, O>,
    context: OperatorContext<Row<O, K>>,
    late: LateOutputs<Event<L, K, P, Diff>, Event<R, K, Q, Diff>>,
  ) {
    super(assigner, combination, context, late)
    this.cells = new SidesCells(
      {
        all: () => this.store.all(),
        save: ({ window: { start, end }, key, events, accumulator }): SavedSession<L, R, K> => [
          start,
          end,
          key,
          events,
          accumulator.saved(),
        ],
        load: (number, cell) => this.load(number, cell as SavedSession<L, R, K>),
      },
      context.dirty,
    )
    this.saved = savedParts(1, { sessions: this.cells })
  }

  onWatermark(time: number): boolean {
    const { context, ledger, rows } = this
    for (let session = this.leaving ?? this.take(time); session !== undefined; session = this.take(time)) {
      this.leaving = session
      if (!rows.proceed()) return false
      this.leaving = undefined
      ledger.free(session.events)
      if (!context.hasRoom()) return false
    }
    return true
  }

  entries(): number {
    return this.store.size + (this.leaving === undefined ? 0 : 1)
  }

  protected put(event: Event<L, K, P, Diff> | Event<R, K, Q, Diff>, [window]: readonly Window[], input: number): void {
    const { value, time, key } = event
    if (window === undefined) {
      this.ledger.noWindow()
      return
    }
    const session = this.place(checkedWindow(this.assigner.name, window), key)
    if (session === undefined) {
      this.ledger.lateOf(event, input)
      return
    }
    const sides = session.accumulator
    if (this.isWanted(sides, input)) sides.addNumbered(value, input, this.arrivals++)
    if (session.window.end === Infinity) sides.seen(time)
    session.events += 1
    this.cells.note(session)
    this.ledger.take(0)
  }

  /** The window that an event goes into, after it has merged with those it belongs to; undefined when it is too late for any. */
  private place(window: Window, key: K): JoinedSession<L, R, K> | undefined {
    const { store, context } = this
    const only = store.only(key)
    // Mostly a key has one window.
    if (only !== undefined && belongTogether(this.assigner, only.window, window)) {
      only.grow(window)
      return only
    }
    const sessions = store.of(key)
    const { from, until, span } = neighboursOf(this.assigner, sessions, window)
    const [into, ...others] = sessions.slice(from, until)
    if (into === undefined) {
      if (store.expiry(window) <= context.watermark) return undefined
      return store.open(window, key, from, new MergingSides(key), undefined, context.watermark)
    }
    // Nobody has seen it, because its rows leave once and then it is gone.
    into.grow(span)
    for (const other of others) {
      into.accumulator.merge(other.accumulator)
      into.events += other.events
      store.remove(other)
      this.cells.note(other)
    }
    return into
  }

  private load(number: number, [start, end, key, events, saved]: SavedSession<L, R, K>): void {
    const sides = new MergingSides<L, R, K>(key)
    this.arrivals = Math.max(this.arrivals, sides.load(saved))
    this.store.restore({ start, end }, key, sides, undefined, number, false).events = events
    this.ledger.held += events
  }

  /** The window that the watermark completes next. */
  private take(time: number): JoinedSession<L, R, K> | undefined {
    const session = this.store.take(time)
    if (session === undefined) return undefined
    this.rows.begin(session.accumulator, session.window)
    // Gone before anything leaves, which may come back as an event and must not find it.
    this.store.remove(session)
    this.cells.note(session)
    return session
  }
}
