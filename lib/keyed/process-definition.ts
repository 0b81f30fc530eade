import type { Event } from '../element.ts'
import type { Timer } from './keyed-logic.ts'
import type { StateOf, StateSpecs } from './state-spec.ts'

/**
 * Sends a value on under the key at hand, when the function has returned. It has the time of the event or timer at hand, or the
 * one that is given, which must not lie before that, unless it is not behind the watermark.
 */
export type Emit<O> = (value: O, time?: number) => void

/** What `onEvent` and `onTimer` may use while they run. */
export interface ProcessContext<S extends StateSpecs, K> {
  /** What the key at hand has, under the names that were declared. */
  readonly state: StateOf<S>
  readonly key: K
  /**
   * How far event time has come, epoch ms. While timers fire, and with `order: 'time'`, it is the time of the timer or event at
   * hand, as if every watermark came.
   */
  readonly watermark: number
  /** Processing time, epoch ms. */
  readonly now: number
  /**
   * Sets a timer that fires when the watermark reaches `time`; one that it has reached fires at once, when the function has
   * returned. A key has one timer of each name: setting it again moves it.
   *
   * A timer set by an event is waited for, however long. One set by a timer must be later than that, and fires only as long as the
   * key is kept.
   */
  readonly setTimer: (time: number, name?: string) => void
  readonly clearTimer: (name?: string) => void
  /**
   * As `setTimer`, for processing time: fires when the clock reaches `time`, or, if that is earlier, when the key is freed or the
   * input ends. Its event time is that of the key's latest event, or the watermark if that is greater.
   */
  readonly setProcessingTimer: (time: number, name?: string) => void
  readonly clearProcessingTimer: (name?: string) => void
}

/** What a `process` does. */
export interface ProcessDefinition<T, K, P, S extends StateSpecs, O> {
  /** What each key has; nothing unless given. */
  readonly state?: S
  /** Takes an event. What it emits is given a type where it is named: `emit: Emit<Alert>`. */
  onEvent(event: Event<T, K, P>, context: ProcessContext<S, K>, emit: Emit<O>): void
  /** Takes a timer that fires. */
  onTimer?(timer: Timer, context: ProcessContext<S, K>, emit: Emit<O>): void
}
