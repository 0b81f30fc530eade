import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type RunningJob, run, type RunOptions } from '../../lib/run.ts'
import { boundedOutOfOrderness } from '../../lib/watermarks/bounded-out-of-orderness.ts'
import { sideOutput } from '../../lib/wiring/side-output.ts'
import { assignTimestamps } from '../../operators/assign-timestamps.ts'
import type { KafkaDeadLetter } from './decoded.ts'
import type { PartitionOffset } from './driver.ts'
import { rejectionOf, thrownBy } from './fixtures/errors-of.ts'
import { MemoryPlace } from './fixtures/memory-job.ts'
import { kafka, type KafkaOptions } from './kafka.ts'
import type { KafkaRecord } from './kafka-record.ts'

type Options = KafkaOptions<(record: KafkaRecord) => string>

/** A topic with two partitions, in which `0a` is the first record of partition 0, at 0 ms, `0b` the second, at 10 ms. */
function place(letters = 'abc'): MemoryPlace {
  const place = new MemoryPlace()
  place.cluster.topic('in', 2)
  more(place, letters)
  return place
}

function more(place: MemoryPlace, letters: string): void {
  for (const letter of letters) {
    for (const partition of [0, 1])
      place.produce('in', partition, letter, `${partition}${letter}`, 10 * (letter.charCodeAt(0) - 97))
  }
}

class Reading {
  readonly seen: string[] = []
  readonly job: RunningJob

  constructor(place: MemoryPlace, options: Partial<Options> = {}, runOptions: RunOptions = {}, clientId = 'reader') {
    const { clock, onNotice, ...at } = place.at(clientId)
    const source = kafka({ ...at, topics: 'in', decode: ({ value }: KafkaRecord) => String(value), ...options })
    this.job = run(source, (value) => void this.seen.push(value), { clock, onNotice, ...runOptions })
    this.job.done.catch(() => {})
  }

  get sorted(): readonly string[] {
    return this.seen.toSorted()
  }
}

function committedIn(place: MemoryPlace): Promise<readonly PartitionOffset[]> {
  const driver = place.cluster.driver('look')
  return driver.committed(
    'group',
    [0, 1].map((partition) => ({ topic: 'in', partition })),
  )
}

const first = (offset: number): PartitionOffset => ({ topic: 'in', partition: 0, offset })
const second = (offset: number): PartitionOffset => ({ topic: 'in', partition: 1, offset })

describe('begins', () => {
  test.each<readonly [string, Partial<Options>, readonly string[]]>([
    ['at the first record', {}, ['0a', '0b', '0c', '0d', '1a', '1b', '1c', '1d']],
    ['behind the last one', { start: 'latest' }, ['0d', '1d']],
    ['at a time', { start: new Date(15) }, ['0c', '0d', '1c', '1d']],
    ['at offsets, and elsewhere at the first', { start: [second(2)] }, ['0a', '0b', '0c', '0d', '1c', '1d']],
    ['with the partitions it is told', { partitions: [1] }, ['1a', '1b', '1c', '1d']],
  ])('%s', async (_, options, expected) => {
    const at = place()
    const reading = new Reading(at, options)
    await at.pass()
    more(at, 'd')
    await at.pass()
    expect(reading.sorted).toEqual(expected)
    await reading.job.stop()
  })

  test('where the group has come to', async () => {
    const at = place()
    await at.cluster.driver('other').commitOffsets({ groupId: 'group' }, [first(2)])
    const reading = new Reading(at, { groupId: 'group' })
    await at.pass(2)
    expect(reading.sorted).toEqual(['0c', '1a', '1b', '1c'])
    await reading.job.stop()
  })
})

describe('ends', () => {
  test.each<readonly [string, Partial<Options>, readonly string[]]>([
    ['at what is there when it begins', { end: 'latest' }, ['0a', '0b', '0c', '1a', '1b', '1c']],
    ['at a time', { end: new Date(20) }, ['0a', '0b', '1a', '1b']],
    ['at offsets', { end: [first(1), second(2)] }, ['0a', '1a', '1b']],
    ['at once where there is nothing between', { start: [first(1), second(3)], end: [first(1), second(3)] }, []],
  ])('%s', async (_, options, expected) => {
    const at = place()
    const reading = new Reading(at, options)
    await at.pass()
    more(at, 'd')
    await at.pass()
    await reading.job.done
    expect(reading.sorted).toEqual(expected)
  })
})

describe('in a group', () => {
  test('each partition is read by one, and what comes after a move is read on', async () => {
    const at = place()
    const one = new Reading(at, { groupId: 'group' }, {}, 'one')
    await at.pass(10)
    expect(one.sorted).toEqual(['0a', '0b', '0c', '1a', '1b', '1c'])
    const two = new Reading(at, { groupId: 'group' }, {}, 'two')
    await at.pass(10)
    more(at, 'd')
    await at.pass(2)
    expect([one.seen.slice(6), two.seen].flat().toSorted()).toEqual(['0d', '1d'])
    expect(two.seen).toHaveLength(1)
    await one.job.stop()
    await at.pass(10)
    more(at, 'e')
    await at.pass(10)
    expect(two.seen.slice(1).toSorted()).toEqual(['0e', '1e'])
    await two.job.stop()
  })

  test('offsets are committed after results have been written, now and then', async () => {
    const at = place()
    let go: () => void = () => {}
    const blocked = new Promise<void>((resolve) => (go = resolve))
    const { clock, onNotice, ...connection } = at.at('reader')
    const job = run(kafka({ ...connection, topics: 'in', groupId: 'group' }), () => blocked, { clock, onNotice })
    await at.pass(12)
    expect(await committedIn(at)).toEqual([])
    go()
    await at.pass(6)
    expect(await committedIn(at)).toEqual([first(3), second(3)])
    more(at, 'd')
    await at.pass()
    expect(await committedIn(at)).toEqual([first(3), second(3)])
    await job.stop()
    expect(await committedIn(at)).toEqual([first(4), second(4)])
  })
})

describe('with checkpoints', () => {
  const root = mkdtempSync(join(tmpdir(), 'tidemark-kafka-source-'))
  afterAll(() => rmSync(root, { recursive: true }))

  test.each([
    ['and tells the group', { groupId: 'group' }, [first(3), second(3)]],
    ['without a group', {}, []],
  ])('goes on exactly where the last one has come to, %s', async (name, options, committed) => {
    const at = place()
    const checkpoint = { dir: join(root, name), every: '1s' }
    const one = new Reading(at, options, { checkpoint })
    await at.cluster.control.settled()
    await until(() => one.seen.length === 6)
    await one.job.stop()
    expect(await committedIn(at)).toEqual(committed)
    more(at, 'de')
    const two = new Reading(at, options, { checkpoint })
    await until(() => two.seen.length === 4)
    expect(two.sorted).toEqual(['0d', '0e', '1d', '1e'])
    await two.job.stop()
  })
})

test('what cannot be decoded is a dead letter, and counted', async () => {
  const at = place('abc')
  const refused = sideOutput<KafkaDeadLetter>('refused')
  const letters: KafkaDeadLetter[] = []
  refused.subscribe((letter) => letters.push(letter))
  const reading = new Reading(at, {
    refused,
    end: 'latest',
    decode: ({ value }) => {
      if (String(value).endsWith('b')) throw new Error('no b')
      return String(value)
    },
  })
  await at.pass()
  const metrics = await reading.job.done
  expect(reading.sorted).toEqual(['0a', '0c', '1a', '1c'])
  expect(
    letters.map(({ source, offset, text, reason }) => `${source} ${offset} ${text}: ${reason}`).toSorted(),
  ).toEqual(['in-0 1 0b: no b', 'in-1 1 1b: no b'])
  expect(metrics.operators[0]?.refused).toBe(2)
})

test('each partition has a watermark of its own, and an empty one is idle', async () => {
  const at = new MemoryPlace()
  at.cluster.topic('in', 2)
  at.produce('in', 0, undefined, '100')
  const { clock, onNotice, ...connection } = at.at('reader')
  const seen: string[] = []
  const job = run(
    kafka({ ...connection, topics: 'in', decode: ({ value }: KafkaRecord) => Number(value) }).pipe(
      assignTimestamps((time) => time, boundedOutOfOrderness(0, { idleTimeout: '5s' })),
    ),
    (element) => void seen.push(element.kind === 'event' ? String(element.value) : element.kind),
    { clock, onNotice },
  )
  const watermark = (): number | undefined => job.metrics().operators.at(-1)?.watermark
  await at.pass(3)
  expect(watermark()).toBe(-Infinity)
  await at.pass(6)
  expect(watermark()).toBe(100)
  // A broker that does not answer makes no partition idle that is behind.
  at.produce('in', 1, undefined, '150')
  await at.pass()
  at.produce('in', 0, undefined, '200')
  await at.pass()
  expect(watermark()).toBe(150)
  await job.stop()
})

test('fetches no more than it can hand on', async () => {
  const at = new MemoryPlace()
  at.cluster.topic('in', 1)
  for (let i = 0; i < 5_000; i++) at.produce('in', 0, undefined, String(i))
  const { clock, onNotice, ...connection } = at.at('reader')
  const job = run(kafka({ ...connection, topics: 'in' }), () => new Promise<void>(() => {}), {
    clock,
    onNotice,
    batchSize: 10,
  })
  await at.pass(5)
  const [source] = job.metrics().sources
  expect(source?.read).toBeLessThan(2_000)
  job.stop().catch(() => {})
})

test('fails for a topic that is not there', async () => {
  const at = place()
  const reading = new Reading(at, { topics: 'nowhere' })
  await at.pass(60)
  expect(await rejectionOf(reading.job.done)).toMatch(/^input: .*nowhere/)
})

test.each([
  ['although another partition is silent', {}],
  ['although it was to end', { end: [first(3), second(9)] }],
])('fails where there is nothing any more at an offset, %s', async (_, options) => {
  const at = place()
  at.cluster.control.deleteBefore({ topic: 'in', partition: 0 }, 2)
  const reading = new Reading(at, { start: [first(0)], ...options })
  await at.pass(5)
  expect(await rejectionOf(reading.job.done)).toMatch(/^input: /)
})

test.each<readonly [Record<string, unknown>, string]>([
  [{ brokers: 'here:1' }, "invalid-argument: kafka: brokers must be a list of 'host:port', got 'here:1'"],
  [{ topics: [] }, 'invalid-argument: kafka: expected a topic, got none'],
  [{ partitions: [-1] }, 'invalid-argument: kafka: partitions must be numbers >= 0, got an array of 1'],
  [{ start: 'now' }, "invalid-argument: kafka: expected 'earliest', 'latest' or a Date, got 'now'"],
  [{ end: 'now' }, "invalid-argument: kafka: expected 'earliest', 'latest' or a Date, got 'now'"],
  [{ groupId: '' }, "invalid-argument: kafka: groupId must be a text, got ''"],
])('refuses %j', (options, message) => {
  expect(thrownBy(() => kafka({ brokers: ['here:1'], topics: 'in', ...options }))).toBe(message)
})

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 2))
}
