import { KafkaError } from '../kafka-error.ts'
import type { NewTopic, TopicPartition } from '../driver.ts'
import type { OutgoingRecord } from '../kafka-record.ts'
import { PartitionLog } from './partition-log.ts'

interface Topic {
  readonly logs: readonly PartitionLog[]
  readonly settings: Readonly<Record<string, string>>
}

/** The topics of a cluster. */
export class Topics {
  readonly #topics = new Map<string, Topic>()

  /** Makes a topic, unless it is there. Returns whether it has. */
  create({ topic, partitions, settings = {} }: NewTopic, leaderOf: (partition: TopicPartition) => number): boolean {
    if (this.#topics.has(topic)) return false
    const logs = Array.from(
      { length: partitions },
      (_, partition) => new PartitionLog({ topic, partition }, leaderOf({ topic, partition })),
    )
    this.#topics.set(topic, { logs, settings })
    return true
  }

  /** None of a topic that is not there. */
  partitionsOf(topic: string): number {
    return this.#topics.get(topic)?.logs.length ?? 0
  }

  /** @throws KafkaError `unknown-topic` */
  get(topic: string): Topic {
    const found = this.#topics.get(topic)
    if (found === undefined) throw new KafkaError('unknown-topic', `there is no topic ${topic}`)
    return found
  }

  /** @throws KafkaError `unknown-topic` if there is no such topic, or no such partition of it */
  log({ topic, partition }: TopicPartition): PartitionLog {
    const log = this.get(topic).logs[partition]
    if (log === undefined) throw new KafkaError('unknown-topic', `there is no partition ${partition} of ${topic}`)
    return log
  }

  /**
   * The log that is to take a record.
   *
   * @throws KafkaError `unknown-topic`, `too-large`
   */
  logFor(record: OutgoingRecord): PartitionLog {
    const limit = Number(this.get(record.topic).settings['max.message.bytes'] ?? Infinity)
    const size = (record.key?.length ?? 0) + (record.value?.length ?? 0)
    if (size > limit) throw new KafkaError('too-large', `${record.topic} takes records of ${limit} bytes, not ${size}`)
    return this.log(record)
  }
}
