import type { Chunk, ChunkReader } from '../../../lib/chunk-source.ts'
import type { Fetched, PartitionFeed } from '../driver.ts'
import type { KafkaRecord } from '../kafka-record.ts'

/** Reads one partition for a job. Its positions are offsets. */
export class FeedReader implements ChunkReader<KafkaRecord> {
  readonly #feed: PartitionFeed
  /** Where the next chunk begins. */
  #next: number

  constructor(feed: PartitionFeed, offset: number) {
    this.#feed = feed
    this.#next = offset
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
    this.#next = fetched.next
    return {
      values: fetched.records,
      position,
      positionAt: (taken) => offsetBehind(fetched.records, fetched.next, taken, position),
    }
  }
}

/** Where to go on behind so many of the records that were fetched from `start` up to `next`. */
export function offsetBehind(records: readonly KafkaRecord[], next: number, taken: number, start: number): number {
  if (taken === records.length) return next
  const last = records[taken - 1]
  return last === undefined ? start : last.offset + 1
}
