import type { Event } from '../element.ts'
import { oneOf } from '../one-of.ts'
import { type Duration, toNonNegativeMillis } from '../time.ts'
import type { Endless } from '../wiring/growth.ts'
import type { SideOutput } from '../wiring/side-output.ts'
import type { EventOrder } from './keyed-logic.ts'
import type { KeyedSettings } from './keyed-machine.ts'

/** Options of `process` and `mapWithState`. */
export interface KeyedOptions<T, K, P> {
  /**
   * How long a key is kept after its latest event, in event time. `'forever'` is until the end of the input: then the state grows
   * with the number of keys that are not cleared, which the job says aloud (`onNotice`) at 100,000.
   */
  readonly keep: Duration
  /**
   * `arrival`, unless given: events are handled at once, up to `keep` behind the watermark. `time`: when the watermark has passed
   * them, in the order of their times, so that results do not depend on how they came.
   */
  readonly order?: EventOrder
  /** Gets the events that come too late. They are counted in any case. */
  readonly late?: SideOutput<Event<T, K, P>>
  /** Name of this operator in metrics, errors and checkpoints; unique in a job. */
  readonly id?: string
}

/** Reads and checks the options of an operator with state by key. */
export function keyedSettings<T, K, P>(who: string, options: KeyedOptions<T, K, P>): KeyedSettings {
  const order = orderOf(who, options.order)
  // Nothing is behind such a watermark but the end of the input.
  const keep = options.keep === 'forever' ? Number.MAX_VALUE : toNonNegativeMillis(options.keep, `${who}: keep`)
  return { order, keep, lateness: keep }
}

/** What of such an operator has no end but that of the input. */
export function endlessKeys(keep: Duration): Endless | undefined {
  return keep === 'forever' ? { of: 'keys', because: "keep is 'forever'" } : undefined
}

/** Checks in which order events are handled. */
export function orderOf(who: string, order: EventOrder = 'arrival'): EventOrder {
  return oneOf(`${who}: order`, order, ['arrival', 'time'])
}
