import { event, type Diff, type Event } from '../element.ts'
import { Changes } from '../checkpoint/changes.ts'
import type { SavedPart } from '../checkpoint/saved-state.ts'
import type { Trigger } from '../trigger.ts'
import type { PaneInfo, Timing } from '../window.ts'
import type { OperatorContext } from '../wiring/machine.ts'
import { oneChange } from '../wiring/one-change.ts'
import { Accumulators } from './accumulators.ts'
import { ClockDeadlines } from './clock-deadlines.ts'
import { givenByBoth, type Pane, type Result, takenBack, Waiting } from './pane.ts'
import { PaneCells, type PaneKeeper } from './pane-cells.ts'
import { ShownMoment } from './shown-moment.ts'
import { WatermarkDeadlines } from './watermark-deadlines.ts'
import type { WindowSettings } from './window-settings.ts'

/** What happens in a window of a key, wherever it came from: events are added, triggers asked, and results leave. */
export class Firing<T, K, R> {
  readonly accumulators: Accumulators<T, R>
  private readonly settings: WindowSettings<T, R>
  private readonly context: OperatorContext<Result<R, K>>
  private readonly trigger: Trigger | undefined
  private readonly moment: ShownMoment
  private readonly clock: ClockDeadlines<Pane<K, unknown, R>>
  /** Panes that have changed since the last checkpoint, if there are any. */
  private readonly changes: Changes<Pane<K, unknown, R>> | undefined
  private readonly watermarks = new WatermarkDeadlines<Pane<K, unknown, R>>()
  /** A window that is closed may still become a part of another one. */
  private readonly mayMerge: boolean
  /** Those of one window often agree. */
  private info: PaneInfo | undefined

  constructor(settings: WindowSettings<T, R>, context: OperatorContext<Result<R, K>>, mayMerge: boolean) {
    this.mayMerge = mayMerge
    this.settings = settings
    this.context = context
    this.accumulators = new Accumulators(settings, context.id, context.isInsertOnly)
    this.trigger = settings.trigger
    this.moment = new ShownMoment(context)
    this.changes = context.dirty && new Changes(context.dirty)
    this.clock = new ClockDeadlines(context, (pane) => this.ask(pane))
  }

  /** The watermark at which a trigger wants to be asked next. */
  get due(): number {
    return this.watermarks.due
  }

  /** What the trigger remembers of a new window. */
  waiting(): Waiting | undefined {
    return this.trigger === undefined ? undefined : new Waiting(this.trigger.create())
  }

  /** The panes as checkpoints see them. */
  cells<P extends Pane<K, unknown, R>>(keeper: PaneKeeper<K, R, P>): SavedPart {
    return new PaneCells(this.changes, keeper, this.accumulators, (panes) => {
      this.clock.restore(panes)
      this.watermarks.restore(panes)
    })
  }

  /** Adds an event to a window. */
  add(pane: Pane<K, unknown, R>, event: Event<T, K, unknown, Diff>, isComplete: boolean): void {
    const { trigger, moment } = this
    const { time } = event
    this.changes?.note(pane)
    pane.accumulator = this.accumulators.change(pane.accumulator, event)
    pane.fresh += 1
    if (pane.window.end === Infinity) pane.latest = Math.max(pane.latest ?? time, time)
    if (trigger !== undefined) {
      moment.window = pane.window
      trigger.onEvent(stateOf(pane), time, moment)
      this.ask(pane)
    } else if (isComplete) this.leave(pane, 'late', false)
  }

  /** Adds some events of one instant, which have been added up before, without asking the trigger. */
  addAll(pane: Pane<K, unknown, R>, accumulator: unknown, events: number, time: number): void {
    const { trigger, moment } = this
    this.changes?.note(pane)
    pane.accumulator = this.accumulators.merge(pane.accumulator, accumulator)
    pane.fresh += events
    if (trigger === undefined) return
    moment.window = pane.window
    for (let i = 0; i < events; i++) trigger.onEvent(stateOf(pane), time, moment)
  }

  /** Looks whether a window that has been filled is to fire. */
  look(pane: Pane<K, unknown, R>, isComplete: boolean): void {
    if (this.trigger !== undefined) this.ask(pane)
    else if (isComplete) this.leave(pane, 'late', false)
  }

  /** Adds what is in a window to the one it has merged into, before an event is added to that; it is complete or not as it has become. */
  merge(into: Pane<K, unknown, R>, from: Pane<K, unknown, R>): void {
    this.changes?.note(from)
    into.accumulator = this.accumulators.merge(into.accumulator, from.accumulator)
    into.fresh += from.fresh
    into.given = givenByBoth(into, from)
    // A trigger that is finished has nothing more to say.
    if (this.trigger === undefined || from.isOver) return
    this.moment.window = into.window
    this.trigger.merge(stateOf(into), stateOf(from), this.moment)
  }

  /** The trigger may finish, but not before the window is complete. */
  get finishesAtCompletion(): boolean {
    return this.trigger?.finishes === 'completion'
  }

  /** A window that was complete has grown, and is so no more. */
  rearm(pane: Pane<K, unknown, R>): void {
    pane.isOver = false
    this.moment.window = pane.window
    this.trigger?.rearm?.(stateOf(pane), this.moment)
  }

  /** Asks the trigger, also when it wants to be asked next. */
  ask(pane: Pane<K, unknown, R>): void {
    const { trigger, moment } = this
    if (trigger === undefined) return
    this.changes?.note(pane)
    moment.window = pane.window
    if (trigger.shouldFire(stateOf(pane), moment)) {
      const isFinished = trigger.onFire(stateOf(pane), moment)
      this.offer(pane, moment.isComplete ? 'late' : 'early', isFinished)
      if (isFinished) this.close(pane)
    }
    if (!pane.isOver) this.wait(pane, trigger)
  }

  /** The watermark has completed the window, and perhaps it has expired with that. */
  complete(pane: Pane<K, unknown, R>, isExpired: boolean): void {
    this.changes?.note(pane)
    if (pane.isOver) {
      if (isExpired) pane.release()
      return
    }
    const { trigger, moment } = this
    moment.window = pane.window
    const fires = trigger === undefined || trigger.shouldFire(stateOf(pane), moment)
    const isFinished = fires && trigger?.onFire(stateOf(pane), moment) === true
    const isLast = isFinished || isExpired
    if (fires && this.settings.isOnTimeAlways) this.leave(pane, 'on-time', isLast)
    else if (fires || isExpired) this.offer(pane, 'on-time', isLast)
    if (isExpired) pane.release()
    else if (isFinished) this.close(pane)
    else if (trigger !== undefined) this.wait(pane, trigger)
  }

  /** A complete window has expired: what no trigger has fired leaves now. */
  expire(pane: Pane<K, unknown, R>): void {
    this.changes?.note(pane)
    if (!pane.isOver) this.offer(pane, 'late', true)
    pane.release()
  }

  /** Asks the triggers that wanted to be asked at this watermark; false when the turn is over before all have been. */
  reach(watermark: number): boolean {
    for (let pane = this.watermarks.take(watermark); pane !== undefined; pane = this.watermarks.take(watermark)) {
      this.ask(pane)
      if (!this.context.hasRoom()) return false
    }
    return true
  }

  /** The trigger is finished: nothing more will leave. */
  private close(pane: Pane<K, unknown, R>): void {
    if (this.mayMerge) pane.isOver = true
    else pane.release()
  }

  /** Lets a result leave if there is a reason. */
  private offer(pane: Pane<K, unknown, R>, timing: Timing, isLast: boolean): void {
    if (pane.fresh > 0 || (isLast && this.settings.isClosingAlways)) this.leave(pane, timing, isLast)
  }

  private leave(pane: Pane<K, unknown, R>, timing: Timing, isLast: boolean): void {
    const { given: results } = pane
    pane.fresh = 0
    pane.given = undefined
    if (results === undefined) this.give(pane, timing, isLast)
    else {
      oneChange.make(() => {
        for (const result of results) this.context.emit(takenBack(result))
        this.give(pane, timing, isLast)
      })
    }
  }

  private give(pane: Pane<K, unknown, R>, timing: Timing, isLast: boolean): void {
    const { context, accumulators } = this
    const { accumulation } = this.settings
    // All was taken back: there is no such window, unless somebody has been told that there is and has to hear that it is empty.
    const isEmpty = accumulators.isEmpty(pane.accumulator)
    if (isEmpty && (accumulation === 'retracting' || pane.fired === 0)) return
    const info = this.infoOf(pane, timing, isLast)
    const { accumulator, key, time } = pane
    const result = event<R, K, PaneInfo, Diff>(accumulators.result(accumulator, key, time), time, key, 1, info)
    pane.fired += 1
    if (timing !== 'early') pane.nonSpeculative += 1
    if (accumulation === 'discarding') pane.accumulator = accumulators.create()
    else if (accumulation === 'retracting') pane.given = [result]
    context.emit(result)
  }

  private infoOf({ window, fired, nonSpeculative }: Pane<K, unknown, R>, timing: Timing, isLast: boolean): PaneInfo {
    const nonSpeculativeIndex = timing === 'early' ? -1 : nonSpeculative
    const last = this.info
    if (
      last?.window === window &&
      last.index === fired &&
      last.timing === timing &&
      last.isLast === isLast &&
      last.nonSpeculativeIndex === nonSpeculativeIndex
    ) {
      return last
    }
    this.info = { window, timing, index: fired, isFirst: fired === 0, isLast, nonSpeculativeIndex }
    return this.info
  }

  private wait(pane: Pane<K, unknown, R>, trigger: Trigger): void {
    const { moment } = this
    const { window, waiting } = pane
    if (waiting === undefined) return
    moment.window = window
    const deadline = trigger.deadline?.(waiting.state, moment) ?? Infinity
    if (deadline !== waiting.deadline) {
      waiting.deadline = deadline
      waiting.turn = -1
      // One that has passed has been answered.
      if (deadline < Infinity && deadline > moment.now) this.clock.add(pane)
    }
    const due = trigger.watermarkDeadline?.(waiting.state, moment) ?? Infinity
    if (due !== waiting.watermarkDeadline) {
      waiting.watermarkDeadline = due
      waiting.watermarkTurn = -1
      if (due > moment.watermark && due < window.end) this.watermarks.add(pane)
    }
  }
}

function stateOf<K, R>({ waiting }: Pane<K, unknown, R>): unknown {
  return waiting?.state
}
