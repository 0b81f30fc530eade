import type { Aggregate } from '../aggregate.ts'
import { callbackError } from '../wiring/callback.ts'
import { event, type Event } from '../element.ts'
import { TidemarkError } from '../errors.ts'
import type { Machine, OperatorContext } from '../wiring/machine.ts'
import type { SideWriter } from '../wiring/side-output.ts'
import type { PaneInfo, Window, WindowAssigner } from '../window.ts'
import { type OpenWindow, WindowStore } from './window-store.ts'

/** Settings of a window machine, validated. */
export interface WindowSettings<T, A, R> {
  readonly assigner: WindowAssigner
  readonly aggregate: Aggregate<T, A, R>
  /** ms */
  readonly allowedLateness: number
}

/**
 * Aggregates events by key and window. A window's panes leave when the watermark completes it, in the order of the windows'
 * ends and within one in the order of the keys' first events, and again for each later event until the window expires.
 */
export class WindowMachine<T, K, P, A, R> implements Machine<Event<T, K, P>> {
  private readonly context: OperatorContext<R, K, PaneInfo>
  private readonly assigner: WindowAssigner
  private readonly aggregate: Aggregate<T, A, R>
  private readonly late: SideWriter<Event<T, K, P>> | undefined
  private readonly store: WindowStore<K, A>
  /** What the assigner answered last, with the windows of it that still take events, and how many no longer do. */
  private assigned: readonly Window[] | undefined
  private targets: OpenWindow<K, A>[] = []
  private expired = 0
  /** The watermark at which something happens next. */
  private due = Infinity
  /** The panes still to leave of the window that is firing. */
  private firing: Iterator<[K, { accumulator: A; fired: number }]> | undefined
  private heldEvents = 0
  private paneStates = 0
  private contributedEvents = 0

  constructor(
    settings: WindowSettings<T, A, R>,
    context: OperatorContext<R, K, PaneInfo>,
    late: SideWriter<Event<T, K, P>> | undefined,
  ) {
    this.context = context
    this.assigner = settings.assigner
    this.aggregate = settings.aggregate
    this.late = late
    this.store = new WindowStore(settings.allowedLateness)
  }

  onEvent(event: Event<T, K, P>): void {
    const windows = this.assigner.assign(event.time)
    if (windows !== this.assigned) this.lookUp(windows)
    const targets = this.targets
    const last = targets.length - 1
    if (last < 0) {
      this.refuse(event)
      return
    }
    for (let i = 0; i <= last; i++) this.add(targets[i] as OpenWindow<K, A>, event)
    ;(targets[last] as OpenWindow<K, A>).events += 1
    this.heldEvents += 1
    this.context.counters.windowDrops += this.expired
  }

  onWatermark(time: number): boolean {
    if (time < this.due) return true
    // What was found may be complete or gone now.
    this.assigned = undefined
    this.targets = []
    const store = this.store
    for (let open = store.completing(time); open !== undefined; open = store.completing(time)) {
      if (!this.fire(open, store.expiry(open.window) <= time)) return false
      store.complete()
    }
    for (let open = store.takeExpired(time); open !== undefined; open = store.takeExpired(time)) this.free(open)
    this.due = store.due
    return true
  }

  held(): number {
    return this.heldEvents
  }

  entries(): number {
    return this.paneStates
  }

  contributed(): number {
    return this.contributedEvents
  }

  private lookUp(windows: readonly Window[]): void {
    const { watermark } = this.context
    this.assigned = windows
    this.targets = []
    for (const window of windows) {
      if (this.store.expiry(window) > watermark) this.targets.push(this.store.open(window, watermark))
    }
    this.expired = windows.length - this.targets.length
    this.due = this.store.due
  }

  private refuse(event: Event<T, K, P>): void {
    const { counters } = this.context
    if (this.expired === 0) {
      counters.noWindow += 1
      return
    }
    counters.late += 1
    this.late?.write(event)
  }

  private add(open: OpenWindow<K, A>, { value, time, key, diff }: Event<T, K, P>): void {
    const aggregate = this.aggregate
    let state = open.keys.get(key)
    if (state === undefined) {
      state = { accumulator: aggregate.create(this.context.isInsertOnly), fired: 0 }
      open.keys.set(key, state)
      this.paneStates += 1
    }
    if (diff === 1) state.accumulator = aggregate.add(state.accumulator, value, time)
    else if (aggregate.retract !== undefined) state.accumulator = aggregate.retract(state.accumulator, value, time)
    else
      throw new TidemarkError(
        'unsupported',
        `${aggregate.name} can't take a retraction back; give it a 'retract' function`,
      )
    if (open.isComplete) this.emit(open.window, key, state.accumulator, latePane(open.window, state.fired++))
  }

  /** Lets the panes of a window leave; false when the turn is over before all have. */
  private fire(open: OpenWindow<K, A>, isLast: boolean): boolean {
    const { window } = open
    const pane: PaneInfo = { window, timing: 'on-time', index: 0, isFirst: true, isLast, nonSpeculativeIndex: 0 }
    const firing = (this.firing ??= open.keys.entries())
    for (let next = firing.next(); next.done !== true; next = firing.next()) {
      const [key, state] = next.value
      state.fired = 1
      this.emit(window, key, state.accumulator, pane)
      if (!this.context.hasRoom()) return false
    }
    this.firing = undefined
    return true
  }

  private emit(window: Window, key: K, accumulator: A, pane: PaneInfo): void {
    // So that a second window of the same size puts the result where it came from.
    const time = window.end - 1
    let result: R
    try {
      result = this.aggregate.result(accumulator)
    } catch (error) {
      throw callbackError(error, this.context.id, { key, time })
    }
    this.context.emit(event(result, time, key, 1, pane))
  }

  private free(open: OpenWindow<K, A>): void {
    this.heldEvents -= open.events
    this.contributedEvents += open.events
    this.paneStates -= open.keys.size
  }
}

function latePane(window: Window, index: number): PaneInfo {
  return { window, timing: 'late', index, isFirst: index === 0, isLast: false, nonSpeculativeIndex: index }
}
