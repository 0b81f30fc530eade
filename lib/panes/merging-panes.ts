import { savedParts } from '../checkpoint/saved-parts.ts'
import type { SavedState } from '../checkpoint/saved-state.ts'
import type { Diff, Event } from '../element.ts'
import type { Window } from '../window.ts'
import type { Machine, OperatorContext } from '../wiring/machine.ts'
import { checkedWindow } from './checked-window.ts'
import { Firing } from './firing.ts'
import { belongTogether, type MergingAssigner } from './merging-assigner.ts'
import { neighboursOf } from './neighbours.ts'
import type { Result } from './pane.ts'
import { sessionKeeper } from './session-keeper.ts'
import { type Session, SessionStore } from './session-store.ts'
import { WindowLedger, type WindowOutputs } from './window-ledger.ts'
import type { WindowSettings } from './window-settings.ts'

/** Windows that each key has for itself and that merge, such as sessions. Results leave in the order of the windows' ends. */
export class MergingPanes<T, K, P, R> implements Machine<Event<T, K, P, Diff>> {
  private readonly context: OperatorContext<Result<R, K>>
  private readonly assigner: MergingAssigner<T>
  private readonly ledger: WindowLedger<Event<T, K, P, Diff>>
  private readonly firing: Firing<T, K, R>
  private readonly store: SessionStore<K, R>
  readonly saved: SavedState

  constructor(
    assigner: MergingAssigner<T>,
    settings: WindowSettings<T, R>,
    context: OperatorContext<Result<R, K>>,
    outputs: WindowOutputs<Event<T, K, P, Diff>>,
  ) {
    this.context = context
    this.assigner = assigner
    this.ledger = new WindowLedger(context.counters, outputs)
    this.firing = new Firing(settings, context, true)
    this.store = new SessionStore(settings.allowedLateness)
    this.saved = savedParts(
      1,
      { windows: this.firing.cells(sessionKeeper(this.store, this.ledger)) },
      this.firing.accumulators.shape,
    )
  }

  onEvent(event: Event<T, K, P, Diff>): void {
    const [window] = this.assigner.assign(event.time, event.value)
    if (window === undefined) {
      this.ledger.noWindow()
      return
    }
    const session = this.place(checkedWindow(this.assigner.name, window), event)
    if (session === undefined) return
    session.events += 1
    this.ledger.take(0)
    this.firing.add(session, event, session.isComplete)
  }

  onWatermark(time: number): boolean {
    const { store, firing, context } = this
    for (let session = store.take(time); session !== undefined; session = store.take(time)) {
      const isExpired = store.expiry(session.window) <= time
      if (session.isComplete) firing.expire(session)
      else firing.complete(session, isExpired)
      if (isExpired) this.free(session)
      else store.mark(session, true)
      if (!context.hasRoom()) return false
    }
    return firing.reach(time)
  }

  held(): number {
    return this.ledger.held
  }

  entries(): number {
    return this.store.size
  }

  contributed(): number {
    return this.ledger.contributed
  }

  /** The window that an event goes into, after it has merged with those it belongs to; undefined when it is refused. */
  private place(window: Window, event: Event<T, K, P, Diff>): Session<K, R> | undefined {
    const { store, firing, context, ledger } = this
    const { key } = event
    const only = store.only(key)
    // Mostly a key has one window, which nobody has seen yet.
    if (only?.fired === 0 && !only.isOver && !only.isComplete && belongTogether(this.assigner, only.window, window)) {
      only.grow(window)
      return only
    }
    const sessions = store.of(key)
    const { from, until, span } = neighboursOf(this.assigner, sessions, window)
    if (from === until) {
      if (store.expiry(window) <= context.watermark) {
        ledger.late(event)
        return undefined
      }
      return store.open(window, key, from, firing.accumulators.create(), firing.waiting(), context.watermark)
    }
    const parts = sessions.slice(from, until)
    const into = parts.find((part) => !part.isOver) ?? this.reopened(parts, span)
    if (into === undefined) {
      ledger.closed(event)
      return undefined
    }
    if (span !== into.window) this.unite(into, parts, span)
    return into
  }

  /**
   * The first of several closed windows, if they make one that the watermark has not completed, and their trigger can't have
   * finished before that.
   */
  private reopened(parts: readonly Session<K, R>[], span: Window): Session<K, R> | undefined {
    const isOpen = this.firing.finishesAtCompletion && span.end > this.context.watermark
    return isOpen ? parts[0] : undefined
  }

  /** Makes one window of several, and of what an event has added to their span. */
  private unite(into: Session<K, R>, parts: readonly Session<K, R>[], span: Window): void {
    const { store, firing, context } = this
    into.become(span)
    for (const part of parts) {
      if (part === into) continue
      firing.merge(into, part)
      into.events += part.events
      store.remove(part)
    }
    if (into.isComplete && span.end > context.watermark) {
      store.mark(into, false)
      firing.rearm(into)
    }
  }

  private free(session: Session<K, R>): void {
    this.ledger.free(session.events)
    this.store.remove(session)
  }
}
