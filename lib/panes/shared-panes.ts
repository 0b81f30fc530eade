import { savedParts } from '../checkpoint/saved-parts.ts'
import type { SavedState } from '../checkpoint/saved-state.ts'
import type { Diff, Event } from '../element.ts'
import type { Window, WindowAssigner } from '../window.ts'
import type { Machine, OperatorContext } from '../wiring/machine.ts'
import { Firing } from './firing.ts'
import { Pane, type Result, type Waiting } from './pane.ts'
import { WindowLedger, type WindowOutputs } from './window-ledger.ts'
import type { WindowSettings } from './window-settings.ts'
import { type OpenWindow, WindowStore } from './window-store.ts'

/**
 * Windows that are the same for all keys, with an accumulator for each key and window. Results leave in the order of the
 * windows' ends, and within one in the order of the keys' first events.
 */
export class SharedPanes<T, K, P, R> implements Machine<Event<T, K, P, Diff>> {
  private readonly context: OperatorContext<Result<R, K>>
  private readonly assigner: WindowAssigner<T>
  private readonly ledger: WindowLedger<Event<T, K, P, Diff>>
  private readonly firing: Firing<T, K, R>
  private readonly store: WindowStore<K, Pane<K, unknown, R>>
  /** What the assigner answered last, with the windows of it that still take events. */
  private assigned: readonly Window[] | undefined
  private targets: OpenWindow<K, Pane<K, unknown, R>>[] = []
  /** The watermark at which something happens next. */
  private due = Infinity
  /** The panes still to leave of the window that is firing. */
  private leaving: Iterator<Pane<K, unknown, R>> | undefined
  /** Why it is done like this, where there was a choice. */
  private readonly how: string | undefined
  private paneCount = 0
  private numbers = 0
  readonly saved: SavedState

  constructor(
    assigner: WindowAssigner<T>,
    settings: WindowSettings<T, R>,
    context: OperatorContext<Result<R, K>>,
    outputs: WindowOutputs<Event<T, K, P, Diff>>,
    how?: string,
  ) {
    this.context = context
    this.how = how
    this.assigner = assigner
    this.ledger = new WindowLedger(context.counters, outputs)
    this.firing = new Firing(settings, context, false)
    this.store = new WindowStore(settings.allowedLateness, context.dirty)
    const panes = this.firing.cells({
      panes: () => this.panes(),
      restore: (window, key, accumulator, waiting, number) => {
        this.numbers = number
        return this.put(this.store.open(window, -Infinity), key, accumulator, waiting)
      },
    })
    const parts = savedParts(1, { windows: this.store.saved(), panes }, this.firing.accumulators.shape)
    this.saved = { ...parts, loaded: () => this.loaded(parts) }
  }

  onEvent(event: Event<T, K, P, Diff>): void {
    const windows = this.assigner.assign(event.time, event.value)
    if (windows !== this.assigned) this.lookUp(windows)
    const { targets, firing } = this
    const { key } = event
    let last: OpenWindow<K, Pane<K, unknown, R>> | undefined
    let taken = 0
    for (let i = 0; i < targets.length; i++) {
      const target = targets[i] as OpenWindow<K, Pane<K, unknown, R>>
      const pane = target.panes.get(key) ?? this.open(target, key)
      if (pane.isOver) continue
      firing.add(pane, event, target.isComplete)
      last = target
      taken += 1
    }
    if (last === undefined) {
      this.refuse(event)
      return
    }
    this.store.count(last)
    this.ledger.take(windows.length - taken)
    if (firing.due < this.due) this.due = firing.due
  }

  onWatermark(time: number): boolean {
    if (time < this.due) return true
    // What was found may be complete or gone now.
    this.assigned = undefined
    this.targets = []
    const { store, firing } = this
    for (let open = store.next(time); open !== undefined; open = store.next(time)) {
      if (!this.fire(open, store.expiry(open.window) <= time)) return false
      store.settle(open, time)
      if (store.expiry(open.window) <= time) this.free(open)
      // Many windows without a result are work, too.
      if (!this.context.hasRoom()) return false
    }
    if (!firing.reach(time)) return false
    this.due = Math.min(store.due, firing.due)
    return true
  }

  held(): number {
    return this.ledger.held
  }

  entries(): number {
    return this.paneCount
  }

  contributed(): number {
    return this.ledger.contributed
  }

  about(): string | undefined {
    return this.how
  }

  private lookUp(windows: readonly Window[]): void {
    this.assigned = windows
    this.targets = this.store.openAll(this.assigner.name, windows, this.context.watermark)
    this.due = Math.min(this.store.due, this.firing.due)
  }

  private open(target: OpenWindow<K, Pane<K, unknown, R>>, key: K): Pane<K, unknown, R> {
    return this.put(target, key, this.firing.accumulators.create(), this.firing.waiting())
  }

  private put(
    target: OpenWindow<K, Pane<K, unknown, R>>,
    key: K,
    accumulator: unknown,
    waiting: Waiting | undefined,
  ): Pane<K, unknown, R> {
    const pane = new Pane<K, unknown, R>(target.window, key, accumulator, waiting)
    pane.number = this.numbers++
    target.panes.set(key, pane)
    this.paneCount += 1
    return pane
  }

  private loaded(parts: SavedState): void {
    parts.loaded?.()
    for (const { events } of this.store.windows()) this.ledger.held += events
    this.due = Math.min(this.store.due, this.firing.due)
  }

  private *panes(): Generator<Pane<K, unknown, R>> {
    for (const { panes } of this.store.windows()) yield* panes.values()
  }

  private refuse(event: Event<T, K, P, Diff>): void {
    if (this.targets.length > 0) this.ledger.closed(event)
    else if (this.assigned?.length === 0) this.ledger.noWindow()
    else this.ledger.late(event)
  }

  /** Lets the panes of a window leave that is completed, or has expired; false when the turn is over before all have. */
  private fire(open: OpenWindow<K, Pane<K, unknown, R>>, isExpired: boolean): boolean {
    const { firing } = this
    const leaving = (this.leaving ??= open.panes.values())
    for (let next = leaving.next(); next.done !== true; next = leaving.next()) {
      if (open.isComplete) firing.expire(next.value)
      else firing.complete(next.value, isExpired)
      next.value.isGone = isExpired
      if (!this.context.hasRoom()) return false
    }
    this.leaving = undefined
    return true
  }

  private free(open: OpenWindow<K, Pane<K, unknown, R>>): void {
    this.ledger.free(open.events)
    this.paneCount -= open.panes.size
  }
}
