/**
 * Record batches:
 *
 * 1. What was encoded is decoded as it was, from any offset on, whatever the codec.
 * 2. A cut anywhere costs the records of the batch that was cut, and no others.
 * 3. Of transactions that interleave, those are seen that were committed.
 */
import { deflateSync, inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { OutgoingRecord } from '../kafka-record.ts'
import { decodeBatches } from './decode-batches.ts'
import { encodeBatch } from './encode-batch.ts'
import { batchAt, markOf } from './fixtures/batches.ts'

const bytes = fc.option(
  fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
  { nil: undefined },
)
const record = fc.record({
  topic: fc.constant('orders'),
  partition: fc.constant(3),
  timestamp: fc.oneof(fc.integer({ min: 0, max: 2 ** 42 }), fc.constant(-1)),
  key: bytes,
  value: bytes,
  headers: fc.array(fc.tuple(fc.string({ unit: 'grapheme', maxLength: 8 }), bytes), { maxLength: 3 }),
}) satisfies fc.Arbitrary<OutgoingRecord>

const batches = fc.array(fc.array(record, { minLength: 1, maxLength: 8 }), { maxLength: 5 })

const none = { bitmask: 0, compress: (data: Buffer) => data }
const deflate = { bitmask: 1, compress: (data: Buffer) => deflateSync(data) }
const inflate = (_codec: number, data: Buffer): Buffer => inflateSync(data)
const head = { producerId: 2 ** 40 + 7, epoch: 3, sequence: 5, isTransactional: false, now: 1 }

const ask = { topic: 'orders', partition: 3, offset: 0, aborted: [] }

/** Batches one behind the other, from offset 0 on. */
function logOf(written: readonly (readonly OutgoingRecord[])[], codec = none): Buffer {
  let offset = 0
  return Buffer.concat(
    written.map((records) => {
      const batch = batchAt(
        offset,
        encodeBatch(records, head, codec, () => 0),
      )
      offset += records.length
      return batch
    }),
  )
}

describe('batches', () => {
  test('1: round trip', () => {
    fc.assert(
      fc.property(batches, fc.boolean(), fc.nat(45), (written, isCompressed, offset) => {
        const all = written.flat().map((one, index) => ({ ...one, offset: index }))
        const log = logOf(written, isCompressed ? deflate : none)
        const { records, next } = decodeBatches(log, { ...ask, offset }, inflate)
        expect(records).toEqual(all.slice(offset))
        expect(next).toBe(Math.max(offset, all.length))
      }),
    )
  })

  test('2: cut off', () => {
    fc.assert(
      fc.property(batches, fc.double({ min: 0, max: 1, noNaN: true }), (written, part) => {
        const log = logOf(written)
        const { records, next } = decodeBatches(log.subarray(0, Math.floor(log.length * part)), ask, inflate)
        const ends = written.map((_, index) => logOf(written.slice(0, index + 1)).length)
        const whole = ends.filter((end) => end <= Math.floor(log.length * part)).length
        expect(records.length).toBe(written.slice(0, whole).flat().length)
        expect(next).toBe(records.length)
      }),
    )
  })

  /** What a producer does next: writes so many records, or ends its transaction. */
  const step = fc.record({
    producer: fc.integer({ min: 1, max: 3 }),
    act: fc.oneof({ weight: 3, arbitrary: fc.constant('write') }, fc.constantFrom('commit', 'abort')),
  })

  test('3: transactions', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.nat(40), (steps, offset) => {
        const log: Buffer[] = []
        const aborted: { producerId: number; firstOffset: number; last: number }[] = []
        const open = new Map<number, number[]>()
        const committed: number[] = []
        // As a broker has it, all transactions have ended: it gives no records behind the first that is open.
        const ended = [1, 2, 3].map((producer) => ({ producer, act: 'commit' }))
        for (const { producer, act } of [...steps, ...ended]) {
          const at = log.length
          const written = open.get(producer) ?? []
          if (act === 'write') {
            open.set(producer, [...written, at])
            const one = { topic: 'orders', partition: 3, key: undefined, value: Buffer.from(String(at)) }
            const by = { ...head, producerId: producer, isTransactional: true }
            log.push(
              batchAt(
                at,
                encodeBatch([one], by, none, () => 0),
              ),
            )
            continue
          }
          open.delete(producer)
          if (act === 'commit') committed.push(...written)
          else if (written[0] !== undefined) aborted.push({ producerId: producer, firstOffset: written[0], last: at })
          log.push(batchAt(at, markOf(producer, act === 'commit')))
        }
        const fetched = Buffer.concat(log.slice(Math.min(offset, log.length)))
        const ranges = aborted.filter(({ last }) => last >= offset)
        const { records, next } = decodeBatches(fetched, { ...ask, offset, aborted: ranges }, inflate)
        expect(records.map((one) => one.offset)).toEqual(
          committed.filter((at) => at >= offset).toSorted((a, b) => a - b),
        )
        expect(next).toBe(Math.max(offset, log.length))
      }),
      { numRuns: 300 },
    )
  })
})
