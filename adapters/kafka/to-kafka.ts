import { show, TidemarkError } from '../../lib/errors.ts'
import type { Sink } from '../../lib/sink.ts'
import type { ConnectionOptions } from './connection-options.ts'
import type { Compression } from './driver.ts'
import { KafkaSink } from './kafka-sink.ts'
import type { KafkaHeader } from './kafka-record.ts'
import { taskScope } from './tasks/task-scope.ts'
import { checkedTopic } from './topic.ts'

/** What a record's key, value or header is made of: text becomes UTF-8. */
export type RecordPart = string | Uint8Array | undefined

/** How values become records. */
export interface ToKafkaOptions<T> extends Partial<ConnectionOptions> {
  readonly topic: string
  /** The key of a value. It decides the partition, as for Kafka's own clients. Without one, records go to the partitions in turn. */
  readonly key?: (value: T) => RecordPart
  /** What becomes the record's value; JSON unless given. */
  readonly value?: (value: T) => RecordPart
  /** Values that stand for the end of what their key stood for: their records have no value. */
  readonly tombstone?: (value: T) => boolean
  readonly headers?: (value: T) => readonly KafkaHeader[]
  /** The record's timestamp, epoch ms; the time of writing unless given. */
  readonly timestamp?: (value: T) => number
  /** The partition, in place of the key's. */
  readonly partition?: (value: T, partitions: number) => number
  /** Of batches; `none` unless given. In a `kafkaJob` its option counts. */
  readonly compression?: Compression
}

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
