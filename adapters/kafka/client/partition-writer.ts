import type { TopicPartition } from '../driver.ts'
import type { OutgoingRecord } from '../kafka-record.ts'
import { toClusterError } from './cluster-error.ts'
import type { Delivery } from './delivery.ts'
import { sizeBound } from './encode-batch.ts'

/** Bytes of a batch before compression. Brokers take somewhat more than this, unless they are told otherwise. */
const usual = 1_000_000

/** Writes one batch; rejects if it can't be. */
export type WriteBatch = (writer: PartitionWriter, records: readonly OutgoingRecord[]) => Promise<void>

/** What is to be written to one partition, in order: cut into batches, with one under way at a time. */
export class PartitionWriter implements TopicPartition {
  readonly topic: string
  readonly partition: number
  /** Whose numbers `sequence` goes on with, which is the number of the next record. */
  owner: object | undefined
  sequence = 0
  readonly #write: WriteBatch
  /** Records that are not written yet, from `#at` on, and the delivery of each. */
  #records: OutgoingRecord[] = []
  #deliveries: Delivery[] = []
  #at = 0
  /** Bytes of a batch, at most, unless it is one record. */
  #most = usual
  #isBusy = false

  constructor({ topic, partition }: TopicPartition, write: WriteBatch) {
    this.topic = topic
    this.partition = partition
    this.#write = write
  }

  push(record: OutgoingRecord, delivery: Delivery): void {
    delivery.expect()
    this.#records.push(record)
    this.#deliveries.push(delivery)
    if (!this.#isBusy) void this.#run()
  }

  /** Gives up what is not under way. */
  drop(error: Error): void {
    for (const delivery of this.#deliveries) delivery.fail(error)
  }

  async #run(): Promise<void> {
    this.#isBusy = true
    // What is sent in the same turn goes into the same batch.
    await Promise.resolve()
    for (let count = this.#cut(); count > 0; count = this.#cut()) {
      const records = this.#records.slice(this.#at, this.#at + count)
      try {
        await this.#write(this, records)
        for (let index = this.#at; index < this.#at + count; index++) this.#deliveries[index]?.arrive()
        this.#at += count
      } catch (thrown) {
        const error = toClusterError(thrown)
        // This broker takes less than others do: the same again, in smaller batches.
        if (error.kind === 'too-large' && count > 1) this.#most = sizeOf(records) / 2
        else for (let index = this.#at; index < this.#at + count; index++) this.#deliveries[index]?.fail(error)
      }
    }
    this.#isBusy = false
  }

  /** How many records go into the next batch: as many as fit, and one at least. */
  #cut(): number {
    if (this.#at > 0 && (this.#at === this.#records.length || this.#at > 100_000)) this.#forget()
    if (this.#deliveries[this.#at]?.hasFailed === true) this.#skip()
    let size = 0
    let end = this.#at
    for (; end < this.#records.length && this.#deliveries[end]?.hasFailed === false; end++) {
      const record = this.#records[end]
      size += record === undefined ? 0 : sizeBound(record)
      if (size > this.#most && end > this.#at) break
    }
    return end - this.#at
  }

  /** Passes over what belongs to deliveries that have failed. */
  #skip(): void {
    while (this.#deliveries[this.#at]?.hasFailed === true) this.#at += 1
  }

  #forget(): void {
    this.#records = this.#records.slice(this.#at)
    this.#deliveries = this.#deliveries.slice(this.#at)
    this.#at = 0
  }
}

function sizeOf(records: readonly OutgoingRecord[]): number {
  return records.reduce((size, record) => size + sizeBound(record), 0)
}
