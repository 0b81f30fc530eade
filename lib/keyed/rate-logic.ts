import type { Event } from '../element.ts'
import type { SideWriter } from '../wiring/side-output.ts'
import type { KeyedLogic } from './keyed-logic.ts'
import { KeyedState } from './keyed-state.ts'
import type { KeyedTurn } from './keyed-turn.ts'

/** Settings of a `rateLimit`, validated. */
export interface RateSettings {
  /** Events that may pass in any span. */
  readonly count: number
  /** Length of the span, ms. */
  readonly per: number
}

/** When events of a key have passed, in order. */
export class RateState<K> extends KeyedState<K> {
  readonly passed: number[] = []
}

/** Lets events pass unless they would be too many in a span. */
export class RateLogic<T, K, P> implements KeyedLogic<Event<T, K, P>, K, RateState<K>> {
  private readonly settings: RateSettings
  private readonly turn: KeyedTurn<Event<T, K, P>, RateState<K>>
  private readonly exceeding: SideWriter<Event<T, K, P>> | undefined

  constructor(
    settings: RateSettings,
    turn: KeyedTurn<Event<T, K, P>, RateState<K>>,
    exceeding: SideWriter<Event<T, K, P>> | undefined,
  ) {
    this.settings = settings
    this.turn = turn
    this.exceeding = exceeding
  }

  create(key: K, time: number): RateState<K> {
    return new RateState(key, time)
  }

  onEvent(cause: Event<T, K, P>, { passed }: RateState<K>): void {
    const { time } = cause
    this.forget(passed)
    const place = passed.findLastIndex((other) => other <= time) + 1
    if (this.isFull(passed, time, place)) {
      this.turn.leaveOut()
      this.exceeding?.write(cause)
    } else {
      passed.splice(place, 0, time)
      this.turn.send(cause)
    }
  }

  isEmpty({ passed }: RateState<K>): boolean {
    return passed.length === 0
  }

  save({ passed }: RateState<K>): unknown {
    return passed
  }

  load({ passed }: RateState<K>, saved: unknown): void {
    passed.push(...(saved as readonly number[]))
  }

  /** Lets go of what no event can be in a span with any more. */
  private forget(passed: number[]): void {
    const { per } = this.settings
    const first = passed.findIndex((time) => time + per > this.turn.reached)
    passed.splice(0, first === -1 ? passed.length : first)
  }

  /** Whether `count` that have passed, one after the other around `place`, are in a span with `time`. */
  private isFull(passed: readonly number[], time: number, place: number): boolean {
    const { count, per } = this.settings
    for (let first = Math.max(0, place - count); first <= place; first++) {
      const earliest = passed[first]
      const latest = passed[first + count - 1]
      if (earliest === undefined || latest === undefined) return false
      if (Math.max(latest, time) - Math.min(earliest, time) < per) return true
    }
    return false
  }
}
