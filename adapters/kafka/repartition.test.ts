import { expect, test } from 'vitest'
import * as rx from 'rxjs'
import type { Observable } from 'rxjs'
import { count } from '../../lib/aggregates/count.ts'
import { tumbling } from '../../lib/windows/tumbling.ts'
import { boundedOutOfOrderness } from '../../lib/watermarks/bounded-out-of-orderness.ts'
import { assignTimestamps, changes, keyBy, map, toTable, values, window } from '../../operators/index.ts'
import { rejectionOf, thrownBy } from './fixtures/errors-of.ts'
import { MemoryPlace } from './fixtures/memory-job.ts'
import { type KafkaJob, kafkaJob } from './kafka-job.ts'
import { repartition } from './repartition.ts'
import { toKafka } from './to-kafka.ts'
import { topic } from './topic.ts'

interface Hit {
  readonly time: number
  readonly page: string
}

function place(): MemoryPlace {
  const place = new MemoryPlace()
  place.cluster.topic('hits', 2)
  place.cluster.topic('out', 1)
  return place
}

function hit(at: MemoryPlace, partition: number, time: number, page: string): void {
  at.produce('hits', partition, undefined, { time, page })
}

function jobOf(at: MemoryPlace, pipeline: (hits: Observable<Hit>) => Observable<string>): KafkaJob {
  return kafkaJob({
    ...at.at('one'),
    groupId: 'pages',
    source: topic('hits', { decode: ({ value }) => JSON.parse(String(value)) as Hit }),
    pipeline,
    sink: toKafka<string>({ topic: 'out', value: (line) => line }),
  })
}

const timed = assignTimestamps<Hit>((hit) => hit.time, boundedOutOfOrderness(0))
const perPage = (hits: Observable<Hit>): Observable<string> =>
  hits.pipe(
    timed,
    repartition((hit) => hit.page, 'by-page'),
    window(tumbling(10), count()),
    map((hits, { key, pane }) => `${key} ${pane.window.start}: ${hits}`),
    values(),
  )

test('events of one key meet, and wait for the slowest task', async () => {
  const at = place()
  const job = jobOf(at, perPage)
  hit(at, 0, 1, 'a')
  hit(at, 0, 25, 'b')
  await at.pass(3)
  // The other task has not come to any time.
  expect(at.records('out')).toEqual([])
  hit(at, 1, 2, 'a')
  hit(at, 1, 9, 'b')
  await at.pass(3)
  expect(at.records('out')).toEqual([])
  hit(at, 1, 15, 'c')
  await at.pass(3)
  expect(at.records('out').toSorted()).toEqual(['a 0: 2', 'b 0: 1'])
  await job.stop()
})

test('an idle task holds nobody up, and is heard again', async () => {
  const at = place()
  const job = jobOf(at, (hits) =>
    hits.pipe(
      assignTimestamps((hit) => hit.time, boundedOutOfOrderness(0, { idleTimeout: '5s' })),
      repartition((hit) => hit.page, 'by-page'),
      window(tumbling(10), count()),
      map((hits, { key, pane }) => `${key} ${pane.window.start}: ${hits}`),
      values(),
    ),
  )
  hit(at, 1, 5, 'a')
  await at.pass(2)
  hit(at, 0, 1, 'a')
  hit(at, 0, 25, 'b')
  await at.pass(3)
  expect(at.records('out')).toEqual([])
  await at.pass(2)
  hit(at, 0, 26, 'b')
  await at.pass(4)
  expect(at.records('out')).toEqual(['a 0: 2'])
  // From now on it is waited for.
  hit(at, 1, 27, 'b')
  await at.pass(2)
  hit(at, 0, 45, 'b')
  await at.pass(2)
  expect(at.records('out')).toEqual(['a 0: 2'])
  hit(at, 1, 45, 'b')
  await at.pass(3)
  expect(at.records('out')).toEqual(['a 0: 2', 'b 20: 3'])
  await job.stop()
})

test('retractions go through, and rows meet under another key', async () => {
  const at = place()
  const job = jobOf(at, (hits) =>
    hits.pipe(
      timed,
      keyBy((hit) => hit.page),
      map((hit) => `${hit.page} at ${hit.time}`),
      toTable(),
      repartition((text) => text.slice(0, 1), 'rows'),
      changes(),
      rx.map(({ op, key, value, time }) => `${op} ${key}: ${value} @${time}`),
    ),
  )
  hit(at, 0, 1, 'ab')
  hit(at, 0, 2, 'ab')
  await at.pass(3)
  expect(at.records('out')).toEqual(['+ a: ab at 1 @1', '- a: ab at 1 @1', '+ a: ab at 2 @2'])
  await job.stop()
})

test('panes go through', async () => {
  const at = place()
  const job = jobOf(at, (hits) =>
    hits.pipe(
      timed,
      keyBy((hit) => hit.page),
      window(tumbling(10), count()),
      repartition((_, { pane }) => pane.window.start, 'windows'),
      map((hits, { key, pane }) => `${key} ${pane.window.end} ${pane.timing}: ${hits}`),
      values(),
    ),
  )
  for (const partition of [0, 1]) for (const time of [1, 2, 15]) hit(at, partition, time, `p${partition}`)
  await at.pass(3)
  expect(at.records('out')).toEqual(['0 10 on-time: 2', '0 10 on-time: 2'])
  await job.stop()
})

test('makes its topic, and says what a key is', async () => {
  const at = place()
  const job = jobOf(at, (hits) =>
    hits.pipe(
      timed,
      repartition((hit) => [hit.page] as never, 'by-page'),
      map(() => 'never'),
      values(),
    ),
  )
  const rejection = rejectionOf(job.done)
  hit(at, 0, 1, 'a')
  await at.pass(3)
  expect((await at.cluster.driver('look').partitionCounts(['by-page'])).get('by-page')).toBe(2)
  expect(await rejection).toMatch(
    /^invalid-key: repartition\(by-page\): .*expected a key that is a text, number or other primitive value/,
  )
})

test('fails for what nobody of the job has written', async () => {
  const at = place()
  at.cluster.topic('by-page', 2)
  at.produce('by-page', 1, undefined, 'something else')
  const rejection = rejectionOf(jobOf(at, perPage).done)
  await at.pass(3)
  expect(await rejection).toMatch(/^input: repartition: by-page-1 at 0: /)
})

test('refuses what can be seen when it is built', () => {
  const keyOf = (hit: Hit): string => hit.page
  expect(thrownBy(() => repartition(keyOf, 'by-page'))).toBe(
    'wiring: repartition: expected to be in the pipeline of a kafkaJob, got none',
  )
  expect(thrownBy(() => repartition('page' as never, 'by-page'))).toBe(
    "invalid-argument: repartition: expected a function that gives a key, got 'page'",
  )
  expect(thrownBy(() => repartition(keyOf, '..'))).toBe(
    "invalid-argument: repartition: expected the name of a topic (letters, digits, '.', '_' and '-'), got '..'",
  )
})
