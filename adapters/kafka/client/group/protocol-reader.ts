import type { TopicPartition } from '../../driver.ts'
import { KafkaError } from '../../kafka-error.ts'

/** Reads what `ProtocolWriter` or another client has written. */
export class ProtocolReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** Clients have been seen that announce a newer version than they write, and leave out what it has added. */
  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#take(2))
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#take(4))
  }

  string(): string {
    const length = this.int16()
    const start = this.#take(length)
    return this.#bytes.toString('utf8', start, start + length)
  }

  /** None where they are null. */
  bytes(): Buffer {
    const length = Math.max(0, this.int32())
    const start = this.#take(length)
    return this.#bytes.subarray(start, start + length)
  }

  list<Item>(read: () => Item): Item[] {
    const items: Item[] = []
    // A count that can't be true is found out by the end of the bytes.
    for (let left = this.int32(); left > 0; left--) items.push(read())
    return items
  }

  partitions(): TopicPartition[] {
    return this.list(() => {
      const topic = this.string()
      return this.list(() => ({ topic, partition: this.int32() }))
    }).flat()
  }

  #take(length: number): number {
    const start = this.#at
    if (length < 0 || start + length > this.#bytes.length)
      throw new KafkaError('corrupt', `a member of the group sent ${this.#bytes.length} bytes that are cut off`)
    this.#at += length
    return start
  }
}
