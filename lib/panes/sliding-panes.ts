import { savedParts } from '../checkpoint/saved-parts.ts'
import type { SavedState } from '../checkpoint/saved-state.ts'
import type { Diff, Event } from '../element.ts'
import type { SlidingWindows, Window } from '../window.ts'
import type { Machine, OperatorContext } from '../wiring/machine.ts'
import { Firing } from './firing.ts'
import { Instants } from './instants.ts'
import type { Result } from './pane.ts'
import { refuseRetraction } from './refuse-retraction.ts'
import { sessionKeeper } from './session-keeper.ts'
import { firstAfter, SessionStore } from './session-store.ts'
import { WindowLedger, type WindowOutputs } from './window-ledger.ts'
import type { WindowSettings } from './window-settings.ts'

/**
 * Windows around the events of each key. An event joins those that are there, and makes those that it ends, that start right
 * after it, and that start right after an earlier one and were empty so far: these are filled with what the instants in them
 * come to.
 */
export class SlidingPanes<T, K, P, R> implements Machine<Event<T, K, P, Diff>> {
  private readonly context: OperatorContext<Result<R, K>>
  private readonly ledger: WindowLedger<Event<T, K, P, Diff>>
  private readonly firing: Firing<T, K, R>
  private readonly store: SessionStore<K, R>
  private readonly instants: Instants<T, K, P>
  readonly saved: SavedState
  /** Length of a window. */
  private readonly length: number
  private readonly allowedLateness: number

  constructor(
    windows: SlidingWindows,
    settings: WindowSettings<T, R>,
    context: OperatorContext<Result<R, K>>,
    outputs: WindowOutputs<Event<T, K, P, Diff>>,
  ) {
    this.context = context
    this.ledger = new WindowLedger(context.counters, outputs)
    this.firing = new Firing(settings, context, false)
    this.store = new SessionStore(settings.allowedLateness)
    this.instants = new Instants(context.dirty)
    const { accumulators } = this.firing
    const parts = {
      windows: this.firing.cells(sessionKeeper(this.store, this.ledger)),
      instants: this.instants.saved(accumulators, ({ events }) => (this.ledger.held += events)),
    }
    this.saved = savedParts(1, parts, accumulators.shape)
    this.length = windows.reach + 1
    this.allowedLateness = settings.allowedLateness
  }

  onEvent(event: Event<T, K, P, Diff>): void {
    const { context, firing, store, instants } = this
    const { key, time, diff } = event
    if (diff === -1) refuseRetraction('it would unmake windows')
    // The last window that may hold it starts at its time.
    if (store.expiry(this.from(time)) <= context.watermark) {
      this.ledger.late(event)
      return
    }
    const there = store.startingIn(key, time - this.length + 1, time)
    const open = there.filter(({ isOver }) => !isOver)
    const { missing, expired } = this.calledFor(key, time)
    const isTaken = open.length > 0 || missing.some(({ start }) => start <= time)
    if (!isTaken && there.length > 0) {
      this.ledger.closed(event)
      return
    }
    const instant = instants.at(key, time, () => firing.accumulators.create())
    instant.accumulator = firing.accumulators.change(instant.accumulator, event)
    instant.events += 1
    if (!isTaken) instant.untaken.push(event)
    instants.touch(instant)
    this.ledger.take(isTaken ? expired + there.length - open.length : 0)
    for (const window of open) firing.add(window, event, window.isComplete)
    for (const window of missing) this.fill(key, window)
  }

  onWatermark(time: number): boolean {
    const { store, firing, context } = this
    for (let window = store.take(time); window !== undefined; window = store.take(time)) {
      const isExpired = store.expiry(window.window) <= time
      if (window.isComplete) firing.expire(window)
      else firing.complete(window, isExpired)
      if (isExpired) store.remove(window)
      else store.mark(window, true)
      if (!context.hasRoom()) return false
    }
    return firing.reach(time) && this.free(time - this.allowedLateness - this.length + 1)
  }

  held(): number {
    return this.ledger.held
  }

  entries(): number {
    return this.store.size + this.instants.size
  }

  contributed(): number {
    return this.ledger.contributed
  }

  private from(start: number): Window {
    return { start, end: start + this.length }
  }

  /** The windows that an event at `time` calls for and that are not there, by their ends, and how many of its own have expired. */
  private calledFor(key: K, time: number): { readonly missing: readonly Window[]; readonly expired: number } {
    const { store, instants, context, length } = this
    // The one that ends with it, those that start right after earlier instants, and those that end with later ones.
    const starts = [
      time - length + 1,
      ...instants.within(key, time - length, time).map((before) => before.time + 1),
      ...instants.within(key, time + 1, time + length).map((after) => after.time - length + 1),
    ]
    // The one that starts right after it has something in it already.
    if (instants.within(key, time + 1, time + 1 + length).length > 0) starts.push(time + 1)
    const missing: Window[] = []
    let expired = 0
    for (const start of new Set(starts.sort((a, b) => a - b))) {
      const window = this.from(start)
      if (store.startingIn(key, start, start).length > 0) continue
      if (store.expiry(window) > context.watermark) missing.push(window)
      else if (start <= time) expired += 1
    }
    return { missing, expired }
  }

  /** Opens a window with all that is in it. */
  private fill(key: K, window: Window): void {
    const { store, firing, instants, context } = this
    const index = firstAfter(store.of(key), window.start)
    const made = store.open(window, key, index, firing.accumulators.create(), firing.waiting(), context.watermark)
    for (const instant of instants.within(key, window.start, window.end)) {
      firing.addAll(made, instant.accumulator, instant.events, instant.time)
      if (instant.untaken.length === 0) continue
      instant.untaken = []
      instants.touch(instant)
    }
    firing.look(made, made.isComplete)
  }

  /** Frees the instants that no window reaches any more: false when the turn is over before all are. */
  private free(before: number): boolean {
    const { instants, ledger } = this
    for (let gone = instants.takeBefore(before); gone !== undefined; gone = instants.takeBefore(before)) {
      ledger.free(gone.events - gone.untaken.length)
      // Its own windows had expired when it came, and no later event has made one that it is in.
      ledger.held -= gone.untaken.length
      for (const event of gone.untaken) ledger.late(event)
      if (!this.context.hasRoom()) return false
    }
    return true
  }
}
