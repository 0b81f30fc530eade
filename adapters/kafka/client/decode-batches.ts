import { KafkaError } from '../kafka-error.ts'
import type { KafkaHeader, KafkaRecord } from '../kafka-record.ts'
import { Bytes } from './bytes.ts'

/** A transaction that was aborted: what this producer wrote from this offset on is not to be seen, up to the mark of its end. */
export interface AbortedTransaction {
  readonly producerId: number
  readonly firstOffset: number
}

/** Where the records are, and which of them are asked for. */
export interface BatchesOf {
  readonly topic: string
  readonly partition: number
  /** A broker sends whole batches: what comes before this is not asked for. */
  readonly offset: number
  readonly aborted: readonly AbortedTransaction[]
}

/** Undoes a codec, by its number. */
export type Decompress = (codec: number, data: Buffer) => Buffer

export interface Decoded {
  readonly records: KafkaRecord[]
  /** Behind the last record, and behind what was passed over. */
  readonly next: number
}

/** Where the fields of a batch are. */
const length = 8
const magic = 16
const attributes = 21
const lastDelta = 23
const baseTime = 27
const maxTime = 35
const producer = 43
const count = 57
const head = 61

const none: readonly KafkaHeader[] = []

/**
 * Decodes record batches as a broker sends them: whole ones, and perhaps the beginning of one more, which is ignored. Leaves out the records
 * of aborted transactions and the marks of transactions. Keys and values are not copied.
 *
 * @throws KafkaError `corrupt`
 * @see https://kafka.apache.org/documentation/#recordbatch
 */
export function decodeBatches(data: Buffer, of: BatchesOf, decompress: Decompress): Decoded {
  const records: KafkaRecord[] = []
  const aborted = new AbortedProducers(of.aborted)
  const bytes = new Bytes(data)
  let { offset: next } = of
  let end: number
  for (let start = 0; start + head <= data.length; start = end) {
    end = start + length + 4 + data.readInt32BE(start + length)
    if (end > data.length) break
    if (data[start + magic] !== 2) throw corrupt(of, `a batch of format ${String(data[start + magic])}, and not 2`)
    if (end < start + head) throw corrupt(of, 'a batch that is too short')
    bytes.at = start
    const base = bytes.int64()
    const last = base + data.readInt32BE(start + lastDelta)
    const flags = data.readInt16BE(start + attributes)
    if (!aborted.hides(data, start, last, flags) && last >= of.offset) {
      try {
        const codec = flags & 0b111
        if (codec !== 0) {
          const plain = new Bytes(decompress(codec, data.subarray(start + head, end)))
          decodeRecords(plain, data, start, of, records)
        } else {
          bytes.at = start + head
          decodeRecords(bytes, data, start, of, records)
        }
      } catch (error) {
        throw corrupt(of, `a batch at offset ${base} that can not be read`, error)
      }
    }
    next = Math.max(next, last + 1)
  }
  return { records, next }
}

/** Whose records are not to be seen at the moment, batch by batch. */
class AbortedProducers {
  /** The latest first. */
  readonly #coming: AbortedTransaction[]
  readonly #aborted = new Set<number>()

  constructor(aborted: readonly AbortedTransaction[]) {
    this.#coming = aborted.toSorted((a, b) => b.firstOffset - a.firstOffset)
  }

  /** A transaction is looked at when it begins and not before: the same producer may have committed others until then. */
  hides(data: Buffer, start: number, last: number, flags: number): boolean {
    const isMark = (flags & 0b100000) !== 0
    if ((flags & 0b10000) === 0) return isMark
    for (
      let first = this.#coming.at(-1);
      first !== undefined && first.firstOffset <= last;
      first = this.#coming.at(-1)
    ) {
      this.#aborted.add(first.producerId)
      this.#coming.pop()
    }
    const producerId = new Bytes(data, start + producer).int64()
    // Either mark ends the transaction; an aborted one can only have ended by the one that says so.
    if (isMark) this.#aborted.delete(producerId)
    return isMark || this.#aborted.has(producerId)
  }
}

function decodeRecords(bytes: Bytes, data: Buffer, start: number, of: BatchesOf, records: KafkaRecord[]): void {
  const fields = new Bytes(data, start)
  const base = fields.int64()
  fields.at = start + baseTime
  const firstTime = fields.int64()
  fields.at = start + maxTime
  // Where the broker sets the time, it is that of the whole batch.
  const appendTime = (data.readInt16BE(start + attributes) & 0b1000) === 0 ? undefined : fields.int64()
  const { topic, partition } = of
  for (let left = data.readInt32BE(start + count); left > 0; left--) {
    const size = bytes.varint()
    const end = bytes.at + size
    bytes.at += 1
    const timestamp = firstTime + bytes.varint()
    const offset = base + bytes.varint()
    if (offset >= of.offset) {
      const key = bytes.slice(bytes.varint())
      const value = bytes.slice(bytes.varint())
      const headers = decodeHeaders(bytes)
      records.push({ topic, partition, offset, timestamp: appendTime ?? timestamp, key, value, headers })
    }
    bytes.at = end
  }
}

function decodeHeaders(bytes: Bytes): readonly KafkaHeader[] {
  const left = bytes.varint()
  if (left === 0) return none
  return Array.from({ length: left }, (): KafkaHeader => {
    const name = bytes.slice(bytes.varint())?.toString() ?? ''
    return [name, bytes.slice(bytes.varint())]
  })
}

function corrupt({ topic, partition }: BatchesOf, what: string, cause?: unknown): KafkaError {
  return new KafkaError('corrupt', `${topic}-${partition}: ${what}`, { cause })
}
