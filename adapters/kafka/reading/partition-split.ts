import type { Chunk } from '../../../lib/chunk-source.ts'
import type { Split } from '../../../lib/split.ts'
import type { Fetched, PartitionFeed, TopicPartition } from '../driver.ts'
import type { KafkaRecord } from '../kafka-record.ts'
import { partitionName } from '../partition-name.ts'

/** What is to be read of a partition. */
export interface PartitionBounds {
  /** The first offset that is not to be read. */
  readonly end: number
  /** Up to here only the last record of each key is to be read: in one go, because all of them are needed. */
  readonly latestUpTo: number
}

/** A partition that is read: a split. */
export class PartitionSplit implements Split {
  /** Its name, also in checkpoints. */
  readonly id: string
  readonly at: TopicPartition
  /** Where the next chunk begins. */
  next: number
  /** The first offset that is not to be read. */
  readonly end: number
  /** What has been fetched and not handed on. */
  fetched: Fetched | undefined
  /** Nothing more is to be read of it. */
  isOver = false
  readonly #feed: PartitionFeed
  /** Up to here only the last record of each key is wanted. */
  readonly #latestUpTo: number
  /** What has been collected of that. */
  readonly #latest = new Map<string, KafkaRecord>()

  constructor(at: TopicPartition, feed: PartitionFeed, offset: number, { end, latestUpTo }: PartitionBounds) {
    this.id = partitionName(at)
    this.at = at
    this.#feed = feed
    this.next = offset
    this.end = end
    this.#latestUpTo = latestUpTo
  }

  /** An empty partition is silent; one that is slow to be read is not. */
  isWaiting(): boolean {
    return this.fetched !== undefined || this.#feed.isBehind
  }

  /** Behind the last record that can be read. */
  get known(): number | undefined {
    return this.#feed.end
  }

  /** Fetches what is next. */
  async fetch(): Promise<Fetched> {
    let fetched = await this.#feed.read()
    if (this.next >= this.#latestUpTo) return fetched
    for (;;) {
      for (const record of fetched.records) this.#collect(record)
      if (fetched.next >= this.#latestUpTo || this.isOver) break
      fetched = await this.#feed.read()
    }
    const records = [...this.#latest.values()]
    this.#latest.clear()
    return { ...fetched, records }
  }

  /** What has been fetched, as far as it is to be read. */
  take(): { readonly records: readonly KafkaRecord[]; readonly next: number; readonly isLast: boolean } {
    const { records = [], next = this.next } = this.fetched ?? {}
    this.fetched = undefined
    const isLast = next >= this.end
    this.next = next
    return { records: isLast ? records.filter(({ offset }) => offset < this.end) : records, next, isLast }
  }

  close(): void {
    this.isOver = true
    this.fetched = undefined
    this.#feed.close()
  }

  #collect(record: KafkaRecord): void {
    const key = record.key?.toString('latin1') ?? `no key ${record.offset}`
    // So that they stay in the order of their offsets.
    this.#latest.delete(key)
    this.#latest.set(key, record)
  }

  /** Says that it is there, or that it is there no more. */
  emptyChunk(isLast: boolean): Chunk<KafkaRecord> {
    return { values: [], split: this, isLast }
  }
}
