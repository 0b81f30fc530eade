import { expect, test } from 'vitest'
import { turns } from '../../../lib/fixtures/turns.ts'
import type { OutgoingRecord } from '../kafka-record.ts'
import { answeredWith } from './cluster-error.ts'
import { Delivery } from './delivery.ts'
import { PartitionWriter } from './partition-writer.ts'

const tooLarge = answeredWith('MESSAGE_TOO_LARGE', false, 'too large')

/** A writer whose broker takes so many bytes, and one record `bad` never. */
function writer(most = Infinity): {
  batches: string[][]
  send(values: readonly string[]): Promise<void>
  drop(): void
} {
  const batches: string[][] = []
  const one = new PartitionWriter({ topic: 't', partition: 0 }, async (_writer, records) => {
    await turns(1)
    const values = records.map(({ value }) => String(value))
    if (values.includes('bad')) throw new Error('bad')
    if (values.join('').length > most) throw tooLarge
    batches.push(values)
  })
  return {
    batches,
    send(values) {
      const delivery = new Delivery()
      for (const value of values) one.push(record(value), delivery)
      delivery.complete()
      return delivery.settled
    },
    drop: () => one.drop(new Error('dropped')),
  }
}

function record(value: string): OutgoingRecord {
  return { topic: 't', partition: 0, key: undefined, value: Buffer.from(value) }
}

test('what is sent while a batch is under way is in the next', async () => {
  const { batches, send } = writer()
  const sends = [send(['a']), send(['b', 'c'])]
  await turns(1)
  sends.push(send(['d']), send(['e']))
  await Promise.all([...sends, send([])])
  expect(batches).toEqual([
    ['a', 'b', 'c'],
    ['d', 'e'],
  ])
})

test('batches have a megabyte, unless it is one record', async () => {
  const { batches, send } = writer()
  const part = 'x'.repeat(400_000)
  await send([part, part, part, 'y'.repeat(2_000_000), 'z'])
  expect(batches.map(({ length }) => length)).toEqual([2, 1, 1, 1])
})

test('smaller batches for a broker that takes no more', async () => {
  const { batches, send } = writer(10)
  const values = Array.from({ length: 50 }, (_, index) => String(index).padStart(3))
  await send(values)
  expect(batches.flat()).toEqual(values)
  await expect(send(['12345678901', 'a'])).rejects.toBe(tooLarge)
  await send(['b'])
  expect(batches.at(-1)).toEqual(['b'])
})

test('what can not be written takes the rest of its send with it, and of no other', async () => {
  const { batches, send } = writer()
  const first = send(['x'.repeat(999_950), 'bad'])
  const [rest, other] = [send(['later']), send(['other'])]
  const results = await Promise.allSettled([first, rest, other])
  // All but the first record were in one batch.
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  await send(['after'])
  expect(batches.at(-1)).toEqual(['after'])

  const large = writer()
  const failing = large.send(['bad', 'x'.repeat(999_990), 'behind it'])
  const good = large.send(['good'])
  await expect(failing).rejects.toThrow('bad')
  await good
  expect(large.batches).toEqual([['good']])
})

test('drops what is not under way', async () => {
  const { batches, send, drop } = writer()
  const first = send(['a'])
  await turns(1)
  const second = send(['b'])
  drop()
  await expect(first).rejects.toThrow('dropped')
  await expect(second).rejects.toThrow('dropped')
  await send(['c'])
  expect(batches).toEqual([['a'], ['c']])
})
