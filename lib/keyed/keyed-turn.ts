import type { AnyEvent } from '../element.ts'
import { show, TidemarkError } from '../errors.ts'
import type { OperatorContext } from '../wiring/machine.ts'
import { EventTimers } from './event-timers.ts'
import type { Timer } from './keyed-logic.ts'
import type { ClockTimer, KeyedState } from './keyed-state.ts'
import { Outbox } from './outbox.ts'

type SavedTimer = readonly [name: string, time: number, number: number]

/** The timers of a key: those of event time, and those of processing time. */
export type SavedTimers = readonly [readonly SavedTimer[], readonly SavedTimer[]]

/** What is at hand while the logic of a `KeyedMachine` is called, and what that may do. */
export class KeyedTurn<O extends AnyEvent, S extends KeyedState<unknown>> {
  /** The event time of the event or timer at hand. */
  time: number = -Infinity
  /**
   * How far event time has come: as if there were a watermark in front of each timer and, where they are handled in the order of
   * their times, of each event.
   */
  reached: number = -Infinity
  /** The input has ended. */
  isEnding = false
  /** Events that the logic has taken and not left out. */
  handled = 0
  /** The state of the key at hand. */
  state: S | undefined
  /** The timer at hand, unless it is an event. */
  timer: Timer | undefined
  /** Those of event time, of all keys. */
  readonly timers: EventTimers<S> = new EventTimers()
  readonly #context: OperatorContext<O>
  readonly #keep: number
  readonly #onClock: (timer: Timer, state: S) => void
  readonly #outbox = new Outbox<O>()
  /** Processing-time timers that have been set. */
  #clocks = 0
  /** Those that were taken back and are to be set when all are there. */
  readonly #loaded: (readonly [S, SavedTimer])[] = []

  /** @param onClock called when a processing-time timer fires */
  constructor(context: OperatorContext<O>, keep: number, onClock: (timer: Timer, state: S) => void) {
    this.#context = context
    this.#keep = keep
    this.#onClock = onClock
  }

  /** Processing time, epoch ms. */
  get now(): number {
    return this.#context.now
  }

  /** Sends an event on when the logic has returned. */
  send(event: O): void {
    this.#outbox.push(event)
  }

  /** The logic has returned. */
  flush(): void {
    this.#outbox.flush(this.#context)
  }

  /** Leaves the event at hand out. */
  leaveOut(): void {
    this.handled -= 1
    this.#context.counters.filtered += 1
  }

  /** The event at hand can't be judged any more. */
  refuseLate(): void {
    this.handled -= 1
    this.#context.counters.late += 1
  }

  /** Sets the event-time timer of this name, in place of the one that is set. */
  setTimer(time: number, name: string): void {
    const state = this.#stateAt(time, 'setTimer')
    const at = this.timer
    if (at?.domain === 'event' && time <= at.time) {
      throw new TidemarkError(
        'invalid-argument',
        `setTimer: in onTimer, expected a time after the timer's own, which is ${at.time}, got ${time}`,
      )
    }
    this.clearTimer(name)
    // What is kept for ever has an end when the input has one.
    if (this.isEnding && at !== undefined && this.#keep === Number.MAX_VALUE && time > state.time) return
    // One that lies in the past fires at once, and gives nothing that is late only because of that.
    const due = Math.max(time, Math.min(this.time, this.reached))
    if (at === undefined) state.latest = Math.max(state.latest, due - this.#keep)
    state.timers ??= new Map()
    state.timers.set(name, this.timers.set(due, name, state))
  }

  clearTimer(name: string): void {
    const timer = this.state?.timers?.get(name)
    if (timer === undefined) return
    this.state?.timers?.delete(name)
    this.timers.cancel(timer)
  }

  /** Sets the processing-time timer of this name, in place of the one that is set. */
  setClockTimer(time: number, name: string): void {
    const state = this.#stateAt(time, 'setProcessingTimer')
    this.clearClockTimer(name)
    this.#arm(state, [name, time, this.#clocks++])
  }

  clearClockTimer(name: string): void {
    this.state?.clocks?.get(name)?.cancel()
    this.state?.clocks?.delete(name)
  }

  /** Calls off all timers of a key that is freed. */
  callOff(state: S): void {
    for (const timer of state.timers?.values() ?? []) this.timers.cancel(timer)
    for (const { cancel } of state.clocks?.values() ?? []) cancel()
    state.timers = undefined
    state.clocks = undefined
  }

  /** The timers of a key, in plain data. */
  save({ timers, clocks }: S): SavedTimers {
    return [timersOf(timers), timersOf(clocks)]
  }

  load(state: S, [timers, clocks]: SavedTimers): void {
    for (const [name, time, number] of timers) {
      state.timers ??= new Map()
      state.timers.set(name, this.timers.restore(time, name, state, number))
    }
    for (const saved of clocks) {
      const [name, time, number] = saved
      // Armed when all are there, in the order of their numbers.
      state.clocks ??= new Map()
      state.clocks.set(name, { time, number, cancel() {} })
      this.#loaded.push([state, saved])
    }
  }

  /** All keys have been taken back; event time has come to `reached`. */
  loaded(reached: number): void {
    this.reached = reached
    this.isEnding = reached === Infinity
    for (const [state, saved] of this.#loaded.sort(([, a], [, b]) => a[2] - b[2])) {
      this.#arm(state, saved)
      this.#clocks = saved[2] + 1
    }
    this.#loaded.length = 0
  }

  /** The state at hand, and an error where none is: a function has kept what it was given for longer than its call. */
  stateAtHand(): S {
    if (this.state !== undefined) return this.state
    throw new TidemarkError(
      'unsupported',
      'expected to be called while an event or timer is handled, and was called later',
    )
  }

  timeOfWrite(): number {
    this.stateAtHand()
    return this.time
  }

  #arm(state: S, [name, time, number]: SavedTimer): void {
    const cancel = this.#context.setTimer(time, () => {
      this.#onClock({ time, name, domain: 'processing' }, state)
      return true
    })
    state.clocks ??= new Map()
    state.clocks.set(name, { time, number, cancel })
  }

  #stateAt(time: number, who: string): S {
    if (!Number.isSafeInteger(time)) {
      throw new TidemarkError('invalid-time', `${who}: expected whole milliseconds since the epoch, got ${show(time)}`)
    }
    return this.stateAtHand()
  }
}

function timersOf(timers: ReadonlyMap<string, Pick<ClockTimer, 'time' | 'number'>> | undefined): SavedTimer[] {
  return Array.from(timers ?? [], ([name, { time, number }]) => [name, time, number] as const)
}
