import { show, TidemarkError } from '../../lib/errors.ts'
import type { Sink } from '../../lib/sink.ts'
import { KafkaSink, type RecordPart, type ToKafkaOptions } from './kafka-sink.ts'
import { taskScope } from './tasks/task-scope.ts'
import { checkedTopic } from './topic.ts'

export type { RecordPart, ToKafkaOptions }

/**
 * Writes values as records of a topic. Records of one partition are written in order, each once as long as the process lives (the
 * producer is idempotent).
 *
 * In a `kafkaJob` they are part of the task's transaction: whoever reads committed records sees each result once. Elsewhere, at least
 * once: a checkpoint waits until all that was given is in the logs of the replicas in sync, and what was written after it is written
 * again when the job goes on from it.
 *
 * Changes of a table (`changes()`) become records of changes, or, with `tombstone`, of a compacted topic: where a row is replaced within one
 * turn, no tombstone is written in between.
 *
 * Holds the records of four turns at most; then the pipeline waits.
 *
 * @throws TidemarkError `invalid-argument` for an option that is none; `output` as the error of the job, if a topic is not there, is not to
 *   be written to, or a record is larger than the brokers take
 * @example
 * toKafka<Pane<number, string>>({ brokers, topic: 'users-per-hour', key: ({ key }) => key })
 * toKafka<Change<number, string>>({ brokers, topic: 'stock', key: ({ key }) => key, tombstone: ({ op }) => op === '-' })
 */
export function toKafka<T>(options: ToKafkaOptions<T>): Sink<T> {
  checkedTopic('toKafka', options.topic)
  for (const name of ['key', 'value', 'tombstone', 'headers', 'timestamp', 'partition'] as const) {
    const given = options[name]
    if (given === undefined || typeof given === 'function') continue
    throw new TidemarkError('invalid-argument', `toKafka: ${name} must be a function, got ${show(given)}`)
  }
  return new KafkaSink<T>(options, taskScope()?.writer)
}
