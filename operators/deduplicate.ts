import type { MonoTypeOperatorFunction } from 'rxjs'
import type { Element, Event, EventStream } from '../lib/element.ts'
import type { EventOrder } from '../lib/keyed/keyed-logic.ts'
import { KeyedMachine } from '../lib/keyed/keyed-machine.ts'
import { orderOf } from '../lib/keyed/keyed-options.ts'
import { SeenLogic, type SeenState } from '../lib/keyed/seen-logic.ts'
import { type Duration, toNonNegativeMillis } from '../lib/time.ts'
import { defineOperator } from '../lib/wiring/operator.ts'
import type { SideOutput } from '../lib/wiring/side-output.ts'
import type { Key } from '../lib/keyed/key.ts'

/** Options of `deduplicate`. */
export interface DeduplicateOptions<T, K, P> {
  /** How far apart in event time two events of one id may be to be one and the same. */
  readonly within: Duration
  /**
   * `arrival`, unless given: events are judged at once, and the first to come passes. `time`: when the watermark has passed them,
   * in the order of their times, and the earliest passes.
   */
  readonly order?: EventOrder
  /** Gets the events that are left out, which are counted as filtered in any case. */
  readonly duplicates?: SideOutput<Event<T, K, P>>
  /** Gets the events that come too late to be judged. They are counted in any case. */
  readonly late?: SideOutput<Event<T, K, P>>
  /** Name of this operator in metrics, errors and checkpoints; unique in a job. */
  readonly id?: string
}

/**
 * Lets an event pass, unless one of its key with the same id has passed whose time is at most `within` away.
 *
 * What is sent again because nobody knew whether it had arrived has the id it had the first time. So whatever is replayed in
 * front, what comes out is as if each event had come once.
 *
 * Each event leaves at once, under its key and pane, or is left out: it is counted as filtered, and handed to `duplicates`. Takes
 * insertions only.
 *
 * With `deduplicate((n) => n, { within: 5, duplicates })`:
 *
 * ```marbles
 * in          1@1  2@2  1@3     1@6     1@7  ~7  2@2     |
 * out         1@1  2@2                  1@7  ~7          |
 * duplicates            L(1@3)  L(1@6)           L(2@2)
 * ```
 *
 * Holds an id with the times of its events that have passed. A time counts until the watermark is more than `within` beyond it,
 * and the id is freed with the latest of them. An event behind the watermark is left out if what it repeats is still known. If not, that may have been
 * forgotten: it is late, is counted, and is handed to `late`.
 *
 * With `order: 'time'` it also holds the events that the watermark has not passed, and each one behind it is late. Then it makes
 * no difference in which order events came.
 *
 * @param idOf the id that the sender has given, such as a request id; make one text of several fields
 * @throws TidemarkError `invalid-duration` or `invalid-argument` when built with options that are none; as the error of the job
 *   `invalid-key` for an id that is an object or a function, `unsupported` for a retraction that got past the types
 * @see Spark's `dropDuplicatesWithinWatermark`; Flink SQL's deduplication, whose state is kept by processing time
 * @example
 * const repeated = sideOutput<Event<Payment, string>>('payments sent again')
 * payments.pipe(deduplicate((payment) => payment.requestId, { within: '1d', duplicates: repeated }))
 */
export function deduplicate<T, K, P>(
  idOf: (value: T) => Key,
  options: DeduplicateOptions<T, K, P>,
): MonoTypeOperatorFunction<Element<T, K, P>> {
  const within = toNonNegativeMillis(options.within, 'deduplicate: within')
  // No event that is later than this can be a duplicate of one that is still known.
  const settings = { order: orderOf('deduplicate', options.order), keep: within, lateness: 2 * within }
  return (source: EventStream<Event<T, K, P>>) =>
    defineOperator<Event<T, K, P>, Event<T, K, P>>([source], {
      name: 'deduplicate',
      id: options.id,
      retracts: 'never',
      create(context) {
        const late = context.open(options.late)
        const duplicates = context.open(options.duplicates)
        return new KeyedMachine<T, K, P, Event<T, K, P>, SeenState<K>>(
          settings,
          context,
          late,
          (turn) => new SeenLogic({ idOf, within }, turn, late, duplicates),
        )
      },
    })
}
