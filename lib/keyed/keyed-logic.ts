import type { StateShape } from '../checkpoint/state-shape.ts'
import type { AnyEvent } from '../element.ts'
import type { KeyedState } from './keyed-state.ts'

/** In which order events are handled: as they come, or in that of their times, when the watermark has passed these. */
export type EventOrder = 'arrival' | 'time'

/** A timer that fires. */
export interface Timer {
  /** Epoch ms, of event time or of processing time. */
  readonly time: number
  /** Which of its key's timers it is; `''` unless given. */
  readonly name: string
  readonly domain: 'event' | 'processing'
}

/** What an operator does with the states of keys; a `KeyedMachine` says when. */
export interface KeyedLogic<I extends AnyEvent, K, S extends KeyedState<K>> {
  /** The state of a key that has none. */
  create(key: K, time: number): S
  onEvent(event: I, state: S): void
  onTimer?(timer: Timer, state: S): void
  /** Whether it is like the state of a key that has none. Then it is freed, unless timers are set. */
  isEmpty(state: S): boolean
  /** The key is freed with all that is in its state, or the state leaves memory. */
  free?(state: S): void
  /**
   * Time has come to `time`: looks at one thing that may have expired, frees it, and hands the state it was in to `onExpired`.
   * False if there was none to look at.
   */
  expireOne?(time: number, onExpired: (state: S) => void): boolean
  /** How that looks which users decide on. */
  readonly shape?: StateShape
  /** What it holds for a key, in plain data. */
  save(state: S): unknown
  /** Takes it back, into a state that it has created. */
  load(state: S, saved: unknown): void
  /** Entries of the states, beside one for each key. */
  entries?(): number
}
