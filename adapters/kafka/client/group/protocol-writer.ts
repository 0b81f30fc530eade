import type { TopicPartition } from '../../driver.ts'
import { byTopic } from './partitions.ts'

/** Writes what members of a group tell each other, in the protocol's oldest notation: big-endian, lengths in full. */
export class ProtocolWriter {
  readonly #parts: Buffer[] = []

  int16(value: number): this {
    const part = Buffer.allocUnsafe(2)
    part.writeInt16BE(value)
    this.#parts.push(part)
    return this
  }

  int32(value: number): this {
    const part = Buffer.allocUnsafe(4)
    part.writeInt32BE(value)
    this.#parts.push(part)
    return this
  }

  string(value: string): this {
    const bytes = Buffer.from(value)
    this.int16(bytes.length)
    this.#parts.push(bytes)
    return this
  }

  bytes(value: Buffer): this {
    this.int32(value.length)
    this.#parts.push(value)
    return this
  }

  list<Item>(items: readonly Item[], write: (item: Item) => void): this {
    this.int32(items.length)
    for (const item of items) write(item)
    return this
  }

  partitions(partitions: readonly TopicPartition[]): this {
    return this.list([...byTopic(partitions)], ([topic, numbers]) => {
      this.string(topic).list(numbers, (number) => this.int32(number))
    })
  }

  written(): Buffer {
    return Buffer.concat(this.#parts)
  }
}
