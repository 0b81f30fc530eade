import type { Observable, OperatorFunction } from 'rxjs'
import type { Element, Event } from '../lib/element.ts'
import { defineIngress, type Untimed } from '../lib/wiring/ingress.ts'
import type { SideOutput } from '../lib/wiring/side-output.ts'
import type { WatermarkStrategy } from '../lib/watermarks/watermark-strategy.ts'

/** Options of `assignTimestamps`. */
export interface AssignTimestampsOptions<T> {
  /** Name of this operator in metrics, errors and checkpoints; unique in a job. */
  readonly id?: string
  /** Gets the events that are further ahead of the clock than the strategy's `maxFutureSkew`. */
  readonly future?: SideOutput<Event<T, undefined, undefined>>
  /** Gets the values whose time is no whole number of ms. Unless given, the first such value ends the job. */
  readonly untimed?: SideOutput<Untimed<T>>
}

/**
 * Gives each value its event time, and makes watermarks from what has been seen: here a stream begins.
 *
 * Each value leaves at once as an event, followed by the watermark if it has risen. An event behind the watermark leaves
 * like any other; what is too late for what is decided by the windows and joins behind. When the source completes, the
 * watermark `+Infinity` leaves. Holds no events.
 *
 * With `boundedOutOfOrderness(2)`:
 *
 * ```marbles
 * in   5@5     9@9     7@7  |
 * out  5@5&~3  9@9&~7  7@7  |
 * ```
 *
 * @param timeOf the event time of a value, whole milliseconds since the epoch
 * @param strategy when watermarks are made: `boundedOutOfOrderness`, `monotonous` or `punctuated`
 * @throws TidemarkError `invalid-time` as the error of the job, for a time that is no whole number, unless `untimed` is given
 * @see Akidau et al., The Dataflow Model, VLDB 2015, for watermarks
 * @example
 * hits.pipe(assignTimestamps((hit) => hit.time, boundedOutOfOrderness('60s')))
 */
export function assignTimestamps<T>(
  timeOf: (value: T) => number,
  strategy: WatermarkStrategy<NoInfer<T>>,
  options: AssignTimestampsOptions<T> = {},
): OperatorFunction<T, Element<T, undefined, undefined>> {
  return (source: Observable<T>) => defineIngress(source, { name: 'assignTimestamps', timeOf, strategy, ...options })
}
