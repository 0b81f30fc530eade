import { expect, test } from 'vitest'
import { keyBy, map, changes, toTable, values } from '../../operators/index.ts'
import { assignTimestamps } from '../../operators/assign-timestamps.ts'
import { thrownBy } from './fixtures/errors-of.ts'
import { monotonous } from '../../lib/watermarks/monotonous.ts'
import { MemoryPlace } from './fixtures/memory-job.ts'
import { keyBytes, partitionOf } from './key-bytes.ts'
import { type KafkaJob, kafkaJob } from './kafka-job.ts'
import { queryable } from './queryable.ts'
import { toKafka } from './to-kafka.ts'
import { topic } from './topic.ts'

interface Stock {
  readonly item: string
  readonly left: number
  readonly time: number
}

const items = ['anchor', 'buoy', 'chain', 'dinghy', 'ensign', 'flag']

function warehouse(place: MemoryPlace, clientId: string): KafkaJob {
  return kafkaJob({
    ...place.at(clientId),
    groupId: 'stock',
    source: topic('stock', { decode: ({ value }) => JSON.parse(String(value)) as Stock }),
    pipeline: (stock) =>
      stock.pipe(
        assignTimestamps(({ time }) => time, monotonous()),
        keyBy(({ item }) => item),
        map(({ left }) => left),
        toTable({ isDelete: (left) => left < 0 }),
        queryable('stock'),
        changes(),
      ),
    sink: toKafka({ topic: 'out' }),
  })
}

function place(): MemoryPlace {
  const place = new MemoryPlace()
  place.cluster.topic('stock', 4)
  place.cluster.topic('out', 1)
  return place
}

function take(place: MemoryPlace, item: string, left: number, time: number): void {
  place.produce('stock', partitionOf(keyBytes(item), 4), item, { item, left, time })
}

function rowsOf(job: KafkaJob): readonly (readonly [string, number])[] {
  return [...job.view<number>('stock').entries()].toSorted(([a], [b]) => (a < b ? -1 : 1))
}

test('shows the rows of a table as it stands', async () => {
  const at = place()
  const job = warehouse(at, 'one')
  for (const [index, item] of items.entries()) take(at, item, index, 1)
  take(at, 'buoy', 7, 2)
  take(at, 'flag', -1, 2)
  await at.pass(1)
  expect(rowsOf(job)).toEqual([
    ['anchor', 0],
    ['buoy', 7],
    ['chain', 2],
    ['dinghy', 3],
    ['ensign', 4],
  ])
  const view = job.view<number>('stock')
  expect([view.get('buoy'), view.get('flag'), view.get('gangway')]).toEqual([7, undefined, undefined])
  await job.stop()
  expect(rowsOf(job)).toEqual([])
})

test('rows move with their partitions, and each is with the process that holds its key', async () => {
  const at = place()
  const one = warehouse(at, 'one')
  for (const [index, item] of items.entries()) take(at, item, index, 1)
  await at.pass(2)
  const before = rowsOf(one)
  expect(before).toHaveLength(6)
  const two = warehouse(at, 'two')
  await at.pass(10)
  expect([...rowsOf(one), ...rowsOf(two)].toSorted(([a], [b]) => (a < b ? -1 : 1))).toEqual(before)
  expect(rowsOf(two).length).toBeGreaterThan(0)
  const jobs = new Map([
    ['one', one],
    ['two', two],
  ])
  for (const [index, item] of items.entries()) {
    const holder = await one.holderOf(item)
    expect(
      jobs
        .get(holder ?? '')
        ?.view<number>('stock')
        .get(item),
    ).toBe(index)
  }
  await two.stop()
  await at.pass(10)
  expect(rowsOf(one)).toEqual(before)
  // What is taken back after a move is what was there before.
  take(at, 'anchor', 9, 3)
  await at.pass(1)
  expect(one.view<number>('stock').get('anchor')).toBe(9)
  await one.stop()
})

test('of a stream that takes nothing back, the latest event of a key is its row', async () => {
  const at = place()
  const job = kafkaJob({
    ...at.at('one'),
    groupId: 'latest',
    source: topic('stock', { decode: ({ value }) => JSON.parse(String(value)) as Stock }),
    pipeline: (stock) =>
      stock.pipe(
        assignTimestamps(({ time }) => time, monotonous()),
        keyBy(({ item }) => item),
        queryable('latest'),
        map(({ left }) => left),
        values(),
      ),
    sink: toKafka({ topic: 'out' }),
  })
  take(at, 'anchor', 1, 1)
  take(at, 'anchor', 2, 2)
  await at.pass(1)
  expect(job.view<Stock>('latest').get('anchor')).toEqual({ item: 'anchor', left: 2, time: 2 })
  expect(at.records('out')).toEqual(['1', '2'])
  await job.stop()
})

test('refuses what is no view', async () => {
  const at = place()
  const job = warehouse(at, 'one')
  expect(thrownBy(() => job.view('stocks'))).toBe(
    "invalid-argument: kafkaJob: expected the name of a view, got 'stocks'; there are 'stock'",
  )
  await job.stop()
  expect(thrownBy(() => queryable('stock'))).toBe(
    'wiring: queryable: expected to be in the pipeline of a kafkaJob, got none',
  )
  expect(thrownBy(() => queryable(''))).toBe("invalid-argument: queryable: expected the name of a view, got ''")
})
