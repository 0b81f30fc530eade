import type { OutgoingRecord } from '../kafka-record.ts'

/** Who writes a batch. */
export interface BatchHead {
  readonly producerId: number
  readonly epoch: number
  /** Of the first record: the broker takes each number of a producer once for each partition. */
  readonly sequence: number
  readonly isTransactional: boolean
  /** For records without a time, epoch ms. */
  readonly now: number
}

/** What makes a batch smaller. */
export interface Codec {
  readonly bitmask: number
  compress(data: Buffer): Buffer
}

const head = 61

/** Bytes of a record beside its key, value and headers, at most. */
const most = 5 + 1 + 10 + 5 + 5 + 5 + 5

/** The size of a record in a batch, at most. */
export function sizeBound({ key, value, headers }: OutgoingRecord): number {
  let size = most + (key?.length ?? 0) + (value?.length ?? 0)
  if (headers !== undefined)
    for (const [name, content] of headers) size += 10 + Buffer.byteLength(name) + (content?.length ?? 0)
  return size
}

/**
 * Encodes records as one batch, without looking at their topic and partition.
 *
 * @see https://kafka.apache.org/documentation/#recordbatch
 */
export function encodeBatch(
  records: readonly OutgoingRecord[],
  { producerId, epoch, sequence, isTransactional, now }: BatchHead,
  codec: Codec,
  crc: (data: Buffer) => number,
): Buffer {
  const writer = new BatchWriter(records.reduce((size, record) => size + sizeBound(record), head))
  const firstTime = records[0]?.timestamp ?? now
  let lastTime = firstTime
  records.forEach((record, index) => {
    const timestamp = record.timestamp ?? now
    lastTime = Math.max(lastTime, timestamp)
    writer.record(record, index, timestamp - firstTime)
  })
  const plain = writer.buffer.subarray(0, writer.at)
  const batch =
    codec.bitmask === 0 ? plain : Buffer.concat([plain.subarray(0, head), codec.compress(plain.subarray(head))])
  writeInt64(batch, 0, 0)
  batch.writeInt32BE(batch.length - 12, 8)
  batch.writeInt32BE(-1, 12)
  batch.writeInt8(2, 16)
  batch.writeInt16BE(codec.bitmask | (isTransactional ? 0b10000 : 0), 21)
  batch.writeInt32BE(records.length - 1, 23)
  writeInt64(batch, firstTime, 27)
  writeInt64(batch, lastTime, 35)
  writeInt64(batch, producerId, 43)
  batch.writeInt16BE(epoch, 51)
  batch.writeInt32BE(sequence, 53)
  batch.writeInt32BE(records.length, 57)
  batch.writeUInt32BE(crc(batch.subarray(21)), 17)
  return batch
}

function writeInt64(buffer: Buffer, value: number, at: number): void {
  buffer.writeInt32BE(Math.floor(value / 2 ** 32), at)
  buffer.writeUInt32BE(value % 2 ** 32 < 0 ? (value % 2 ** 32) + 2 ** 32 : value % 2 ** 32, at + 4)
}

/** Writes records behind the head of a batch. */
class BatchWriter {
  readonly buffer: Buffer
  at = head

  constructor(size: number) {
    this.buffer = Buffer.allocUnsafe(size)
  }

  record({ key, value, headers = [] }: OutgoingRecord, index: number, time: number): void {
    let size = 1 + sizeOf(time) + sizeOf(index) + sizeOfBytes(key) + sizeOfBytes(value) + sizeOf(headers.length)
    for (const [name, content] of headers) {
      const length = Buffer.byteLength(name)
      size += sizeOf(length) + length + sizeOfBytes(content)
    }
    this.#varint(size)
    this.buffer[this.at++] = 0
    this.#varint(time)
    this.#varint(index)
    this.#bytes(key)
    this.#bytes(value)
    this.#varint(headers.length)
    for (const [name, content] of headers) {
      this.#varint(Buffer.byteLength(name))
      this.at += this.buffer.write(name, this.at)
      this.#bytes(content)
    }
  }

  #bytes(data: Buffer | undefined): void {
    if (data === undefined) this.buffer[this.at++] = 1
    else {
      this.#varint(data.length)
      this.buffer.set(data, this.at)
      this.at += data.length
    }
  }

  #varint(value: number): void {
    let left = zigzag(value)
    while (left >= 0x80) {
      this.buffer[this.at++] = (left % 0x80) | 0x80
      left = Math.floor(left / 0x80)
    }
    this.buffer[this.at++] = left
  }
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value
}

function sizeOf(value: number): number {
  let size = 1
  for (let left = zigzag(value); left >= 0x80; left = Math.floor(left / 0x80)) size++
  return size
}

/** With their length before them. */
function sizeOfBytes(data: Buffer | undefined): number {
  return data === undefined ? 1 : sizeOf(data.length) + data.length
}
