import { expect, test } from 'vitest'
import type { OutgoingRecord } from '../kafka-record.ts'
import { type BatchesOf, type Decoded, decodeBatches } from './decode-batches.ts'
import { encodeBatch } from './encode-batch.ts'
import { batchAt, markOf } from './fixtures/batches.ts'

const none = { bitmask: 0, compress: (data: Buffer) => data }

function batchOf(values: readonly string[], { producerId = -1, isTransactional = false } = {}): Buffer {
  const records: OutgoingRecord[] = values.map((value, index) => ({
    topic: 't',
    partition: 0,
    timestamp: 1_000 + index,
    key: undefined,
    value: Buffer.from(value),
  }))
  return encodeBatch(records, { producerId, epoch: 0, sequence: 0, isTransactional, now: 0 }, none, () => 0)
}

function decode(batches: readonly Buffer[], asked: Partial<BatchesOf> = {}): Decoded {
  const of = { topic: 't', partition: 0, offset: 0, aborted: [], ...asked }
  return decodeBatches(Buffer.concat(batches), of, (_codec, data) => data)
}

function valuesOf({ records }: Decoded): string[] {
  return records.map(({ value }) => String(value))
}

test('the broker sets the time of a whole batch', () => {
  const batch = batchOf(['a', 'b'])
  batch.writeInt16BE(batch.readInt16BE(21) | 0b1000, 21)
  batch.writeBigInt64BE(5_000n, 35)
  expect(decode([batch]).records.map(({ timestamp }) => timestamp)).toEqual([5_000, 5_000])
  expect(decode([batchOf(['a', 'b'])]).records.map(({ timestamp }) => timestamp)).toEqual([1_000, 1_001])
})

test('compaction leaves gaps, and batches of nothing', () => {
  // Of offsets 10 to 14 two are left; of 15 to 19 none.
  const gaps = batchAt(10, batchOf(['a', 'b']))
  gaps.writeInt32BE(4, 23)
  const empty = Buffer.from(batchAt(15, batchOf(['x']).subarray(0, 61)))
  empty.writeInt32BE(61 - 12, 8)
  empty.writeInt32BE(4, 23)
  empty.writeInt32BE(0, 57)
  expect(decode([gaps, empty], { offset: 7 })).toMatchObject({ records: [{ offset: 10 }, { offset: 11 }], next: 20 })
  expect(decode([gaps], { offset: 13 })).toEqual({ records: [], next: 15 })
})

test('an aborted transaction that began before what is asked for', () => {
  const log = [
    batchAt(5, batchOf(['aborted'], { producerId: 1, isTransactional: true })),
    batchAt(6, batchOf(['other'], { producerId: 2, isTransactional: true })),
    batchAt(7, markOf(1, false)),
    batchAt(8, batchOf(['committed'], { producerId: 1, isTransactional: true })),
    batchAt(9, markOf(1, true)),
  ]
  const decoded = decode(log, { offset: 5, aborted: [{ producerId: 1, firstOffset: 2 }] })
  expect(valuesOf(decoded)).toEqual(['other', 'committed'])
  expect(decoded.next).toBe(10)
})

test('two aborted transactions of one producer, with a committed one between them', () => {
  const by = { producerId: 1, isTransactional: true }
  const log = [
    batchAt(0, batchOf(['no'], by)),
    batchAt(1, markOf(1, false)),
    batchAt(2, batchOf(['yes'], by)),
    batchAt(3, markOf(1, true)),
    batchAt(4, batchOf(['no'], by)),
    batchAt(5, batchOf(['outside'], { producerId: 1 })),
    batchAt(6, markOf(1, false)),
    batchAt(7, batchOf(['nobody'])),
  ]
  const aborted = [0, 4].map((firstOffset) => ({ producerId: 1, firstOffset }))
  expect(valuesOf(decode(log, { aborted }))).toEqual(['yes', 'outside', 'nobody'])
})

test.each([
  [1, 't-0: a batch of format 1, and not 2'],
  [0, 't-0: a batch of format 0, and not 2'],
])('the format of old brokers is refused: %i', (magic, message) => {
  const batch = batchOf(['a'])
  batch.writeInt8(magic, 16)
  expect(() => decode([batch])).toThrow(expect.objectContaining({ kind: 'corrupt', message }))
})

test('a record that claims more than there is', () => {
  const batch = batchOf(['a'])
  batch.writeInt32BE(2, 57)
  expect(() => decode([batch])).toThrow(expect.objectContaining({ kind: 'corrupt' }))
})
