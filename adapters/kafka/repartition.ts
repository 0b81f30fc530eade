import type { OperatorFunction } from 'rxjs'
import type { Diff, Element, Event, EventStream } from '../../lib/element.ts'
import { show, TidemarkError } from '../../lib/errors.ts'
import { connectValues, isInsertOnlyStream, StreamFlow } from '../../lib/wiring/flow.ts'
import { OperatorNode } from '../../lib/wiring/operator-node.ts'
import type { Key } from '../../lib/keyed/key.ts'
import { ExchangeReceiver } from './tasks/exchange-receiver.ts'
import { ExchangeSink } from './tasks/exchange-sink.ts'
import { taskScope } from './tasks/task-scope.ts'
import { checkedTopic } from './topic.ts'

/** Options of `repartition`. */
export interface RepartitionOptions {
  /** Name of this operator in metrics, errors and checkpoints; unique in a job. */
  readonly id?: string
}

/**
 * Writes a stream through a topic, so that events of one key meet in one task, whichever task they come from. In the pipeline of a
 * `kafkaJob` alone.
 *
 * Event times, retractions, panes and watermarks go through the topic as well: each task says in each partition how far it has come, and
 * the watermark behind is the lowest of all tasks'. So nothing becomes late because one task is ahead of another. What has been written is
 * read when it has been committed: the watermark behind is a commit behind. A task without any input holds the others up, as an input of
 * a join does, unless its strategy has an `idleTimeout`.
 *
 * The topic belongs to the job: it is made with as many partitions as the inputs have, and keeps records for a week. Values and keys
 * have to be plain data. Holds no events.
 *
 * @param keyOf the key of a value
 * @throws TidemarkError `wiring` outside of a `kafkaJob`; `invalid-argument`; `invalid-key` as the error of the job
 * @see Kafka Streams' `repartition`, whose stream time does not know of other tasks; Flink's `keyBy`
 * @example
 * hits.pipe(
 *   assignTimestamps((hit) => hit.time, boundedOutOfOrderness('1m', { idleTimeout: '10s' })),
 *   repartition((hit) => hit.page, 'hits-by-page'),
 *   window(tumbling('1h'), count()),
 * )
 */
export function repartition<T, K extends Key, KI, P, D extends Diff>(
  keyOf: (value: T, event: Event<T, KI, P, D>) => K,
  topic: string,
  options: RepartitionOptions = {},
): OperatorFunction<Element<T, KI, P, D>, Element<T, K, P, D>> {
  if (typeof keyOf !== 'function') {
    throw new TidemarkError('invalid-argument', `repartition: expected a function that gives a key, got ${show(keyOf)}`)
  }
  checkedTopic('repartition', topic)
  const scope = taskScope()
  if (scope === undefined) {
    throw new TidemarkError('wiring', 'repartition: expected to be in the pipeline of a kafkaJob, got none')
  }
  const records = scope.source(topic)
  const { partition, partitions, writer } = scope
  return (source: EventStream<Event<T, KI, P, D>>) => {
    let isConnected = false
    return new StreamFlow<Event<T, K, P, D>>((receiver, job, teardown) => {
      if (writer === undefined || isConnected) {
        throw new TidemarkError(
          'wiring',
          `repartition: expected one subscriber to what comes out of '${topic}', got two; share() it`,
        )
      }
      isConnected = true
      const outlet = job.addSink(new ExchangeSink<T, KI, P, D>({ topic, from: partition, partitions, keyOf, writer }))
      connectValues(source, outlet, job, outlet.wiring)
      const node = new OperatorNode<Event<T, K, P, D>, Event<T, K, P, D>>(
        partitions,
        isInsertOnlyStream(source),
        { name: 'repartition', ...options, create: (context) => ({ onEvent: (event) => context.emit(event) }) },
        receiver,
        job,
        teardown,
      )
      const inputs = Array.from({ length: partitions }, (_, from) => node.input(from))
      connectValues(records, new ExchangeReceiver<T, K, P, D>(topic, inputs), job, teardown)
    }, isInsertOnlyStream(source))
  }
}
