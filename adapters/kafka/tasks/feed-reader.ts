import type { Chunk, ChunkReader } from '../../../lib/chunk-source.ts'
import type { Split } from '../../../lib/split.ts'
import type { Fetched, PartitionFeed } from '../driver.ts'
import type { KafkaRecord } from '../kafka-record.ts'
import { offsetBehind } from '../reading/offset-behind.ts'
import type { TaskInputMetrics } from './task-metrics.ts'

/** Reads one partition for a job. Its positions are offsets. */
export class FeedReader implements ChunkReader<KafkaRecord> {
  readonly #feed: PartitionFeed
  /** So that a partition which is slow to be read is told from an empty one. */
  readonly #split: Split
  /** Where the next chunk begins. */
  #next: number
  /** What came before has gone through the pipeline. */
  #processed: number

  constructor(feed: PartitionFeed, offset: number) {
    this.#feed = feed
    this.#split = { sharesWatermark: true, isWaiting: () => feed.isBehind }
    this.#next = offset
    this.#processed = offset
  }

  metrics(topic: string): TaskInputMetrics {
    const { end, isBehind } = this.#feed
    const position = this.#processed
    return { topic, position, end, lag: end === undefined ? undefined : Math.max(0, end - position), isBehind }
  }

  read(): Chunk<KafkaRecord> | Promise<Chunk<KafkaRecord>> {
    const fetched = this.#feed.read()
    return fetched instanceof Promise ? fetched.then(this.#chunk) : this.#chunk(fetched)
  }

  close(): void {
    this.#feed.close()
  }

  readonly #chunk = (fetched: Fetched): Chunk<KafkaRecord> => {
    const position = this.#next
    const { next } = fetched
    this.#next = next
    return {
      values: fetched.records,
      split: this.#split,
      position,
      positionAt: (taken) => offsetBehind(fetched.records, next, taken, position),
      onTaken: () => (this.#processed = next),
    }
  }
}
