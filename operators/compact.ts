import type { OperatorFunction } from 'rxjs'
import type { Diff, Element, Event, EventStream } from '../lib/element.ts'
import { delayedWatermarks } from '../lib/joins/delayed-watermarks.ts'
import { CompactMachine } from '../lib/tables/compact-machine.ts'
import { type Duration, toPositiveMillis } from '../lib/time.ts'
import { defineOperator } from '../lib/wiring/operator.ts'

/** Options of `compact`. */
export interface CompactOptions {
  /** Name of this operator in metrics, errors and checkpoints; unique in a job. */
  readonly id?: string
}

/**
 * Compacts a changelog: lets only what the changes of each key come to leave, every so often, in place of each single one.
 *
 * Takes a changelog with one row a key, such as those of `toTable`, `aggregate` and `tableJoin`. When the watermark reaches a
 * multiple of `every`, a key whose row has changed since leaves its earlier row as a retraction, if there was one, and its latest
 * as an insertion, if there is one, each with the time it had; keys in the order in which they changed first. A row that is as it
 * was does not leave. None is late; so that rows are on time for what follows, the watermark is held back by `every`.
 *
 * At the end of the input the latest row of each key leaves, so that of a finished input with an `every` longer than itself it is
 * the whole table, each row once.
 *
 * With `compact(10)`:
 *
 * ```marbles
 * in   x:1@1  -x:1@1  x:2@3  y:5@4  ~10             -x:2@3  x:7@11  -y:5@4  ~20                            |
 * out                               x:2@3&y:5@4&~0                          -x:2@3&x:7@11&-y:5@4&~10       |
 * ```
 *
 * Holds the changes that have not left, as two rows a key at the most; freed when they leave.
 *
 * @param every a span of event time
 * @throws TidemarkError `invalid-duration` or `invalid-argument` when built with a duration that is none, or not > 0;
 *   `unsupported` as the error of the job, when a row is taken back that is not there, or the next row of a key comes before that
 * @see Kafka's log compaction, and the suppression of Kafka Streams
 * @example
 * totals.pipe(compact('1m'), changes())
 */
export function compact<T, K, P, D extends Diff>(
  every: Duration,
  { id }: CompactOptions = {},
): OperatorFunction<Element<T, K, P, D>, Element<T, K, undefined, Diff>> {
  const span = toPositiveMillis(every, 'compact: every')
  return (source: EventStream<Event<T, K, P, Diff>>) => {
    const compacted = defineOperator<Event<T, K, P, Diff>, Event<T, K, undefined, Diff>>([source], {
      name: 'compact',
      id,
      create: (context) => new CompactMachine<T, K>(span, context),
    })
    return delayedWatermarks(compacted, span)
  }
}
