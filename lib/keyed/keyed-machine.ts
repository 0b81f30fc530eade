import { savedParts } from '../checkpoint/saved-parts.ts'
import type { SavedState } from '../checkpoint/saved-state.ts'
import type { AnyEvent, Diff, Event } from '../element.ts'
import { refuseRetraction } from '../panes/refuse-retraction.ts'
import { KeyStore } from '../running/key-store.ts'
import { callbackError } from '../callback-error.ts'
import type { Machine, OperatorContext } from '../wiring/machine.ts'
import type { SideWriter } from '../wiring/side-output.ts'
import type { EventOrder, KeyedLogic, Timer } from './keyed-logic.ts'
import type { KeyedState } from './keyed-state.ts'
import { KeyedTurn, type SavedTimers } from './keyed-turn.ts'
import { WaitingEvents } from './waiting-events.ts'

/** Settings of a machine with state by key, validated. */
export interface KeyedSettings {
  readonly order: EventOrder
  /** How long a key stays after its latest event, ms; `Number.MAX_VALUE` is until the end of the input. */
  readonly keep: number
  /** How far behind the watermark events are taken, where they are handled as they come, ms. */
  readonly lateness: number
}

/** The time of the key's latest event, its timers, and what the logic holds. */
type SavedKey = readonly [number, SavedTimers, unknown]

/**
 * Runs an operator's logic over the states of keys: lets time go on step by step, hands over events and timers, frees the keys.
 *
 * A key is freed when its state is empty and no timer is set, or when the watermark has passed its latest event by more than
 * `keep`, and the timers that events have set. Timers set by timers go with it: one that sets the next would keep it for ever.
 */
export class KeyedMachine<T, K, P, O extends AnyEvent, S extends KeyedState<K>> implements Machine<
  Event<T, K, P, Diff>
> {
  readonly saved: SavedState
  private readonly lateness: number
  private readonly context: OperatorContext<O>
  private readonly late: SideWriter<Event<T, K, P>> | undefined
  private readonly turn: KeyedTurn<O, S>
  private readonly logic: KeyedLogic<Event<T, K, P>, K, S>
  private readonly store: KeyStore<K, S>
  /** Events that the watermark has not passed, if they are handled in the order of their times. */
  private readonly waiting: WaitingEvents<Event<T, K, P>> | undefined
  /** The watermark that has gone on. */
  private sent = -Infinity

  constructor(
    { order, keep, lateness }: KeyedSettings,
    context: OperatorContext<O>,
    late: SideWriter<Event<T, K, P>> | undefined,
    createLogic: (turn: KeyedTurn<O, S>) => KeyedLogic<Event<T, K, P>, K, S>,
  ) {
    // What waits for the watermark is on time.
    this.lateness = order === 'time' ? 0 : lateness
    this.context = context
    this.late = late
    this.turn = new KeyedTurn(context, keep, this.onClock)
    this.logic = createLogic(this.turn)
    this.store = new KeyStore(keep, context.dirty)
    this.waiting = order === 'time' ? new WaitingEvents(context.dirty) : undefined
    const keys = this.store.saved({
      save: (state): SavedKey => [state.time, this.turn.save(state), this.logic.save(state)],
      load: (key, saved, latest) => this.load(key, saved as SavedKey, latest),
      paging: {
        isPinned: ({ hasTimers }) => hasTimers,
        ...(this.logic.expireOne && { isSpent: (state) => this.logic.isEmpty(state) }),
        letGo: (state) => this.logic.free?.(state),
      },
    })
    const parts = {
      keys: { ...keys, loaded: () => this.loaded() },
      ...(this.waiting && { waiting: this.waiting.saved }),
    }
    this.saved = savedParts(1, parts, this.logic.shape)
  }

  onEvent(cause: Event<T, K, P, Diff>): void {
    if (cause.diff !== 1) refuseRetraction('what a state was made of is not taken out of it')
    const came = cause as Event<T, K, P>
    const { waiting, context } = this
    if (came.time + this.lateness < context.watermark) {
      context.counters.late += 1
      this.late?.write(came)
    } else if (waiting === undefined) this.handle(came)
    else waiting.push(came)
  }

  onWatermark(time: number): boolean {
    const { waiting, context } = this
    while (waiting !== undefined && waiting.firstTime < time) {
      if (!this.advance(waiting.firstTime)) return false
      const next = waiting.takeBefore(time)
      if (next !== undefined) this.handle(next)
      if (!context.hasRoom()) return false
    }
    this.turn.isEnding = time === Infinity
    if (!this.advance(time)) return false
    this.sent = time
    if (time === Infinity) this.store.expireCold()
    return true
  }

  held(): number {
    return this.waiting?.size ?? 0
  }

  entries(): number {
    return this.held() + this.store.size + this.turn.timers.size + (this.logic.entries?.() ?? 0)
  }

  contributed(): number {
    return this.turn.handled
  }

  private load(key: K, [time, timers, held]: SavedKey, latest: number): S {
    const state = this.logic.create(key, time)
    state.latest = latest
    this.turn.load(state, timers)
    this.logic.load(state, held)
    return state
  }

  private loaded(): void {
    this.sent = this.context.watermark
    this.turn.loaded(this.sent)
  }

  /** Lets time go on to `time`: what ends on the way, and timers, in order. False if not all of it is done. */
  private advance(time: number): boolean {
    const { turn, context } = this
    for (;;) {
      turn.reached = Math.max(turn.reached, Math.min(turn.timers.firstTime, time))
      if (!this.expire(turn.reached)) return false
      // It may have been called off with its key.
      const timer = turn.timers.takeUntil(turn.reached)
      if (timer !== undefined) {
        this.call(undefined, { time: timer.time, name: timer.name, domain: 'event' }, timer.state, timer.time)
        if (!context.hasRoom()) return false
      } else if (turn.reached >= time) return true
    }
  }

  private expire(time: number): boolean {
    const { store, logic, context } = this
    while (logic.expireOne?.(time, this.onChanged) === true) if (!context.hasRoom()) return false
    while (store.expireOne(time, this.onExpired)) if (!context.hasRoom()) return false
    return true
  }

  /** What processing time has not brought by then is brought by the end of the key, so that nothing is lost. */
  private readonly onExpired = (state: S): void => {
    const clocks = [...(state.clocks ?? [])].sort(([, a], [, b]) => a.time - b.time)
    for (const [name, { time, cancel }] of clocks) {
      cancel()
      this.call(undefined, { time, name, domain: 'processing' }, state, Math.max(state.time, this.sent))
    }
    this.turn.callOff(state)
    this.logic.free?.(state)
  }

  private readonly onClock = (timer: Timer, state: S): void => {
    this.call(undefined, timer, state, Math.max(state.time, this.sent))
    this.settle()
  }

  /** Ends what was written for what is past, and fires the timers that were set for it. */
  private settle(): void {
    const { logic, turn } = this
    for (;;) {
      while (logic.expireOne?.(turn.reached, this.onChanged) === true);
      const timer = turn.timers.takeUntil(turn.reached)
      if (timer === undefined) return
      this.call(undefined, { time: timer.time, name: timer.name, domain: 'event' }, timer.state, timer.time)
    }
  }

  private handle(cause: Event<T, K, P>): void {
    const { key, time } = cause
    let state = this.store.get(key)
    if (state === undefined) {
      state = this.logic.create(key, time)
      this.store.add(state)
    } else {
      state.time = Math.max(state.time, time)
      state.latest = Math.max(state.latest, time)
    }
    this.turn.handled += 1
    this.call(cause, undefined, state, time)
    this.settle()
  }

  private call(cause: Event<T, K, P> | undefined, timer: Timer | undefined, state: S, time: number): void {
    const { turn, logic } = this
    // A function may make an event come in while it is called.
    const { time: outerTime, state: outerState, timer: outerTimer } = turn
    turn.time = time
    turn.state = state
    turn.timer = timer
    try {
      if (cause !== undefined) logic.onEvent(cause, state)
      else if (timer !== undefined) {
        if (timer.domain === 'event') state.timers?.delete(timer.name)
        else state.clocks?.delete(timer.name)
        logic.onTimer?.(timer, state)
      }
    } catch (error) {
      throw callbackError(error, this.context.id, { key: state.key, time })
    } finally {
      turn.time = outerTime
      turn.state = outerState
      turn.timer = outerTimer
    }
    this.onChanged(state)
    turn.flush()
  }

  /** A key has changed: frees it if it has nothing but its name. */
  private readonly onChanged = (state: S): void => {
    this.store.touch(state)
    const isFree = !state.hasTimers && this.logic.isEmpty(state) && this.store.has(state)
    if (isFree) this.store.remove(state)
  }
}
