import { expect, test } from 'vitest'
import type { Observable } from 'rxjs'
import { keyBy, map, mapWithState, values } from '../../operators/index.ts'
import { assignTimestamps } from '../../operators/assign-timestamps.ts'
import type { JobOptions } from '../../lib/job/job-options.ts'
import { route } from '../../lib/run.ts'
import { boundedOutOfOrderness } from '../../lib/watermarks/bounded-out-of-orderness.ts'
import { rejectionOf, thrownBy } from './fixtures/errors-of.ts'
import { MemoryPlace } from './fixtures/memory-job.ts'
import { type KafkaJob, kafkaJob, type KafkaJobOptions } from './kafka-job.ts'
import type { KafkaRecord } from './kafka-record.ts'
import { toKafka } from './to-kafka.ts'
import { type Topic, topic } from './topic.ts'

type Options = KafkaJobOptions<Topic<string>, string>

const texts = topic('in', { decode: ({ value }: KafkaRecord) => String(value) })
const given: Options & JobOptions = {
  brokers: ['memory:1'],
  groupId: 'group',
  source: texts,
  pipeline: (lines) => lines,
  sink: toKafka({ topic: 'out', value: (line: string) => line }),
}

test.each<readonly [Record<string, unknown>, string]>([
  [{ brokers: [] }, "invalid-argument: kafkaJob: brokers must be a list of 'host:port', got an array of 0"],
  [{ brokers: ['here'] }, "invalid-argument: kafkaJob: brokers must be a list of 'host:port', got an array of 1"],
  [{ groupId: '' }, "invalid-argument: kafkaJob: groupId must be a text, got ''"],
  [{ instanceId: '' }, "invalid-argument: kafkaJob: instanceId must be a text, got ''"],
  [
    { protocol: 'eager' },
    "invalid-argument: kafkaJob: protocol must be 'cooperative', 'classic' or 'consumer', got 'eager'",
  ],
  [{ sessionTimeout: 0 }, 'invalid-argument: kafkaJob: sessionTimeout must be > 0, got 0'],
  [{ pipeline: 1 }, 'invalid-argument: kafkaJob: pipeline must be a function, got 1'],
  [
    { guarantee: 'at-most-once' },
    "invalid-argument: kafkaJob: guarantee must be 'exactly-once' or 'at-least-once', got 'at-most-once'",
  ],
  [{ commitEvery: 0 }, 'invalid-argument: kafkaJob: commitEvery must be > 0, got 0'],
  [{ start: 'now' }, "invalid-argument: kafkaJob: expected 'earliest', 'latest' or a Date, got 'now'"],
  [
    { changelog: 'a/b' },
    "invalid-argument: kafkaJob: changelog: expected the name of a topic (letters, digits, '.', '_' and '-'), got 'a/b'",
  ],
  [{ state: { dir: '' } }, "invalid-argument: kafkaJob: state.dir must be the path of a folder, got ''"],
  [{ source: {} }, 'invalid-argument: kafkaJob: source must be a topic(...), or several by names, got an object'],
  [
    { source: { a: texts, b: texts } },
    "invalid-argument: kafkaJob: expected each topic once, got 'in' twice; share() it",
  ],
  [{ sink: undefined }, 'wiring: kafkaJob: expected a sink, or a pipeline that gives routes, got neither'],
  [
    { pipeline: (lines: Observable<string>) => [route(lines, () => {})] },
    'wiring: kafkaJob: expected a pipeline that gives an observable for its sink, got an array of 1',
  ],
])('refuses %j', (options, message) => {
  expect(thrownBy(() => kafkaJob({ ...given, ...options }))).toBe(message)
})

function placeWith(topics: Readonly<Record<string, number>>): MemoryPlace {
  const place = new MemoryPlace()
  for (const [name, partitions] of Object.entries(topics)) place.cluster.topic(name, partitions)
  return place
}

/** Lets time go by until a job has ended. */
async function ended(place: MemoryPlace, job: KafkaJob): Promise<string> {
  const rejection = rejectionOf(job.done)
  await place.pass(60)
  return rejection
}

test('ends with an error for a topic that is not there', async () => {
  const place = placeWith({ out: 1 })
  expect(await ended(place, kafkaJob({ ...given, ...place.at('one') }))).toMatch(/^input: kafkaJob: .*in/)
})

test('ends with an error for topics whose partitions do not go together', async () => {
  const place = placeWith({ a: 2, b: 3, out: 1 })
  const job = kafkaJob({
    ...place.at('one'),
    groupId: 'group',
    source: { a: topic('a'), b: topic('b') },
    pipeline: ({ a, b }) => [route(a, () => {}), route(b, () => {})],
  })
  expect(await ended(place, job)).toBe(
    "wiring: kafkaJob: expected topics with the same number of partitions, because records that belong together have to be in partitions of the same number, but 'a' has 2, 'b' has 3; write one of them through a topic with repartition(...)",
  )
})

test('ends with an error for a changelog that has other partitions', async () => {
  const place = placeWith({ in: 2, out: 1, 'group-changelog': 3 })
  expect(await ended(place, kafkaJob({ ...given, ...place.at('one') }))).toContain(
    "'in' has 2, 'group-changelog' has 3",
  )
})

test('ends with what a function of the pipeline throws', async () => {
  const place = placeWith({ in: 1, out: 1 })
  place.produce('in', 0, 'k', 'broken')
  const job = kafkaJob({
    ...given,
    ...place.at('one'),
    pipeline: (lines) =>
      lines.pipe(
        assignTimestamps(() => 1, boundedOutOfOrderness(0)),
        map((): string => {
          throw new Error('out of order')
        }),
        values(),
      ),
  })
  expect(await ended(place, job)).toMatch(/^callback: .*out of order/)
  expect(place.records('out')).toEqual([])
})

test('makes a changelog that is compacted, and commits results, state and offsets together', async () => {
  const place = placeWith({ in: 1, out: 1 })
  const counting = (): KafkaJob =>
    kafkaJob({
      ...given,
      ...place.at('one'),
      pipeline: (lines) =>
        lines.pipe(
          assignTimestamps(() => 1, boundedOutOfOrderness(0)),
          keyBy((line) => line),
          mapWithState(0, (n: number, line: string) => [n + 1, `${line} ${n + 1}`], { keep: '1h' }),
          values(),
        ),
    })
  const job = counting()
  place.produce('in', 0, 'k', 'x')
  await place.pass()
  expect(place.records('out')).toEqual([])
  await place.pass(1)
  expect(place.records('out')).toEqual(['x 1'])
  expect(place.records('group-changelog').length).toBeGreaterThan(0)
  const driver = place.cluster.driver('look')
  expect(await driver.committed('group', [{ topic: 'in', partition: 0 }])).toEqual([
    { topic: 'in', partition: 0, offset: 1 },
  ])
  await job.stop()
  // The next one goes on with its state.
  const next = counting()
  place.produce('in', 0, 'k', 'x')
  await place.pass(2)
  expect(place.records('out')).toEqual(['x 1', 'x 2'])
  await next.stop()
})

test('exactly once: of a first commit that fails nothing counts', async () => {
  const place = placeWith({ in: 1, out: 1 })
  const job = kafkaJob({ ...given, ...place.at('one') })
  place.produce('in', 0, 'k', 'x')
  await place.pass()
  place.cluster.control.fail({ operation: 'commit' })
  place.clock.advanceTo(place.clock.now() + 1_000)
  place.cluster.control.crash('one')
  job.stop().catch(() => {})
  await place.pass(15)
  expect(place.records('out')).toEqual([])
  const next = kafkaJob({ ...given, ...place.at('two') })
  await place.pass(90)
  expect(place.records('out')).toEqual(['x'])
  await next.stop()
})

test('at least once: state and positions are of one commit, although offsets of the group are behind', async () => {
  const place = placeWith({ in: 1, out: 1 })
  const events: string[] = []
  const job = kafkaJob({
    ...given,
    ...place.at('one'),
    guarantee: 'at-least-once',
    onEvent: ({ kind }) => events.push(kind),
    pipeline: (lines) =>
      lines.pipe(
        assignTimestamps(() => 1, boundedOutOfOrderness(0)),
        keyBy((line) => line),
        mapWithState(0, (n: number, line: string) => [n + 1, `${line} ${n + 1}`], { keep: '1h' }),
        values(),
      ),
  })
  place.produce('in', 0, 'k', 'x')
  await place.pass()
  place.cluster.control.fail({ operation: 'commitOffsets' })
  await place.pass(3)
  expect(events).toEqual(['assigned', 'restored', 'restarted', 'restored'])
  place.produce('in', 0, 'k', 'x')
  await place.pass(2)
  expect(place.records('out')).toEqual(['x 1', 'x 2'])
  await job.stop()
})

test('commits what there is when it is stopped', async () => {
  const place = placeWith({ in: 1, out: 1 })
  const job = kafkaJob({ ...given, ...place.at('one'), commitEvery: '10m' })
  await place.pass(1)
  place.produce('in', 0, 'k', 'x')
  await place.pass(1)
  expect(place.records('out')).toEqual([])
  await job.stop()
  await place.pass(1)
  expect(place.records('out')).toEqual(['x'])
})

test('a task to which nothing happens writes nothing', async () => {
  const place = placeWith({ in: 1, out: 1 })
  const job = kafkaJob({ ...given, ...place.at('one') })
  place.produce('in', 0, 'k', 'x')
  await place.pass(3)
  const { length } = place.records('group-changelog')
  await place.pass(5)
  expect(place.records('group-changelog')).toHaveLength(length)
  await job.stop()
})

test.each([
  ['earliest', ['a', 'b', 'c']],
  ['latest', ['c']],
  [new Date(2_000), ['b', 'c']],
] as const)('begins at %s where the group has nothing', async (start, expected) => {
  const place = placeWith({ in: 1, out: 1 })
  place.produce('in', 0, undefined, 'a', 1_000)
  place.produce('in', 0, undefined, 'b', 2_000)
  const job = kafkaJob({ ...given, ...place.at('one'), start })
  await place.pass(2)
  place.produce('in', 0, undefined, 'c', 3_000)
  await place.pass(2)
  expect(place.records('out')).toEqual(expected)
  await job.stop()
})

test('tells what happens to tasks, and how far they are', async () => {
  const place = placeWith({ in: 2, out: 1 })
  const events: string[] = []
  const start = (clientId: string): KafkaJob =>
    kafkaJob({
      ...given,
      ...place.at(clientId),
      pipeline: (lines) =>
        lines.pipe(
          assignTimestamps((line) => Number(line), boundedOutOfOrderness(0)),
          map(String),
          values(),
        ),
      onEvent: ({ kind, partition }) => events.push(`${clientId}: ${kind} ${partition}`),
    })
  const one = start('one')
  place.produce('in', 0, undefined, '999990')
  await place.pass(1)
  expect(events).toEqual(['one: assigned 0', 'one: assigned 1', 'one: restored 0', 'one: restored 1'])
  const [first, second] = one.metrics().tasks
  expect(one.metrics().isMember).toBe(true)
  expect(first).toMatchObject({
    partition: 0,
    restored: 1,
    inputs: [{ topic: 'in', position: 1, end: 1, lag: 0, isBehind: false }],
    watermark: 999_990,
    eventTimeLag: place.clock.now() - 999_990,
  })
  expect(second).toMatchObject({ partition: 1, watermark: undefined, eventTimeLag: undefined })
  const two = start('two')
  await place.pass(10)
  expect(events.slice(4)).toEqual(['one: revoked 1', 'two: assigned 1', 'two: restored 1'])
  expect([one.metrics().tasks, two.metrics().tasks].map((tasks) => tasks.map(({ partition }) => partition))).toEqual([
    [0],
    [1],
  ])
  expect(one.metrics().rebalances).toBeGreaterThan(1)
  await Promise.all([one.stop(), two.stop()])
  expect(one.metrics().isMember).toBe(false)
})

test('the lag of an input is what has not gone through the pipeline', async () => {
  const place = placeWith({ in: 1, out: 1 })
  let go: () => void = () => {}
  const blocked = new Promise<void>((resolve) => (go = resolve))
  const job = kafkaJob({
    ...place.at('one'),
    groupId: 'group',
    source: texts,
    pipeline: (lines) => [route(lines, () => blocked)],
    batchSize: 1,
  })
  for (let i = 0; i < 10; i++) place.produce('in', 0, undefined, String(i))
  await place.pass(2)
  expect(job.metrics().tasks[0]?.inputs[0]?.lag).toBeGreaterThan(0)
  go()
  await place.pass(2)
  expect(job.metrics().tasks[0]?.inputs).toEqual([{ topic: 'in', position: 10, end: 10, lag: 0, isBehind: false }])
  await job.stop()
})
