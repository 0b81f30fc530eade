import type { OperatorFunction } from 'rxjs'
import type { AggregateFor } from '../lib/aggregates/aggregate-for.ts'
import { toAggregate } from '../lib/aggregates/combine.ts'
import type { Diff, Element, Event } from '../lib/element.ts'
import { RunningMachine } from '../lib/running/running-machine.ts'
import { type Duration, toNonNegativeMillis } from '../lib/time.ts'
import { defineOperator } from '../lib/wiring/operator.ts'
import type { SideOutput } from '../lib/wiring/side-output.ts'

/** Options of `aggregate`. */
export interface AggregateOptions<T, K, P, D extends Diff = 1> {
  /**
   * How far behind the watermark events are still taken, and so how long a key is kept after its latest event. `'forever'` is
   * until the end of the input: then the state grows with the number of keys, which the job says aloud (`onNotice`) at 100,000.
   */
  readonly keep: Duration
  /** Gets the events that come too late. They are counted in any case. */
  readonly late?: SideOutput<Event<T, K, P, D>>
  /** Name of this operator in metrics, errors and checkpoints; unique in a job. */
  readonly id?: string
}

/**
 * Aggregates the values of each key over all of the stream, without a window.
 *
 * Each event revises the result of its key at once: the one before is taken back, with the time it was given with, and the new
 * one has the time of the event. Takes insertions, and changelogs: a value that is taken back leaves the result, and of a key
 * without values no result stands.
 *
 * With `aggregate(sum(), { keep: 'forever' })`:
 *
 * ```marbles
 * in   x:1@1  ~2  x:4@3          -x:1@1         -x:4@3  |
 * out  x:1@1  ~2  -x:1@1&x:5@3   -x:5@3&x:4@1   -x:4@1  |
 * ```
 *
 * Holds an accumulator and the last result for each key. They are freed when all values of the key have been taken back, or
 * when the watermark has passed the time of its latest event + `keep`: then the last result stays as it is, and a later event
 * starts the key anew. An event whose own time + `keep` the watermark has passed is late: it is counted, and handed to `late`.
 * In front of it, a window with `allowedLateness` wants a `keep` of that length.
 *
 * @param spec what to make of the values: one aggregate, or several under names. Of a stream that takes values back, it must be
 *   able to `retract`
 * @throws TidemarkError `invalid-duration` or `invalid-argument` when built with a `keep` that is no duration >= 0;
 *   `unsupported` as the error of the job, when a value is taken back from a key that has none, or from an aggregate that got
 *   past the types and can't
 * @see Flink SQL's group aggregation; its state is kept by processing time
 * @example
 * orders.pipe(keyBy((order) => order.shop), aggregate(sum((order) => order.amount), { keep: '30d' }), changes())
 */
export function aggregate<T, K, P, R, D extends Diff = 1>(
  spec: AggregateFor<T, R, D>,
  { keep, late, id }: AggregateOptions<T, K, P, D>,
): OperatorFunction<Element<T, K, P, D>, Element<R, K, undefined, Diff>> {
  const settings = {
    aggregate: toAggregate<T, R>(spec),
    // Nothing is behind such a watermark but the end of the input.
    keep: keep === 'forever' ? Number.MAX_VALUE : toNonNegativeMillis(keep, 'aggregate: keep'),
  }
  return (source) =>
    defineOperator<Event<T, K, P, D>, Event<R, K, undefined, Diff>>([source], {
      name: 'aggregate',
      id,
      retracts: 'always',
      endless:
        keep === 'forever'
          ? { of: settings.aggregate.keepsValues === true ? 'events' : 'keys', because: "keep is 'forever'" }
          : undefined,
      create: (context) => new RunningMachine(settings, context, context.open(late)),
    })
}
