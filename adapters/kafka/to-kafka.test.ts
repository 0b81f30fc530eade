import { expect, test } from 'vitest'
import { fromIterable } from '../iterable/from-iterable.ts'
import { run } from '../../lib/run.ts'
import { rejectionOf, thrownBy } from './fixtures/errors-of.ts'
import { MemoryPlace } from './fixtures/memory-job.ts'
import { KafkaError } from './kafka-error.ts'
import type { KafkaRecord } from './kafka-record.ts'
import { toKafka, type ToKafkaOptions } from './to-kafka.ts'

function placeWith(partitions: number): MemoryPlace {
  const place = new MemoryPlace()
  place.cluster.topic('out', partitions)
  return place
}

/** Writes values, and gives what is in the topic then. */
async function written<T>(
  place: MemoryPlace,
  values: readonly T[],
  options: Omit<ToKafkaOptions<T>, 'topic'>,
): Promise<readonly KafkaRecord[]> {
  const sink = toKafka<T>({ ...place.at('writer'), topic: 'out', ...options })
  await run(fromIterable(values), sink, { clock: place.clock }).done
  return place.cluster.records('out')
}

const shown = ({ partition, key, value }: KafkaRecord): string =>
  `${partition}: ${key === undefined ? '' : String(key)}=${value === undefined ? '-' : String(value)}`

test('places keys as the clients of Kafka do', async () => {
  // What `kafka-console-producer` does with these keys and 4 partitions.
  const records = await written(placeWith(4), ['21', 'foobar', 'a-little-bit-long-string'], { key: (key) => key })
  expect(records.map(shown).toSorted()).toEqual(
    [
      `${(-973_932_308 & 0x7fffffff) % 4}: 21="21"`,
      `${(-790_332_482 & 0x7fffffff) % 4}: foobar="foobar"`,
      `${(-985_981_536 & 0x7fffffff) % 4}: a-little-bit-long-string="a-little-bit-long-string"`,
    ].toSorted(),
  )
})

test('writes records without keys to the partitions in turn, as JSON, at the time of writing', async () => {
  const records = await written(placeWith(2), [{ n: 1 }, { n: 2 }, { n: 3 }], {})
  expect(records.map(({ partition }) => partition).toSorted((a, b) => a - b)).toEqual([0, 1, 1])
  expect(records.map(({ value }) => String(value)).toSorted()).toEqual(['{"n":1}', '{"n":2}', '{"n":3}'])
  expect(records.map(({ timestamp }) => timestamp)).toEqual([1_000_000, 1_000_000, 1_000_000])
})

test('writes values, headers and timestamps as it is told', async () => {
  const [record] = await written(placeWith(3), [7], {
    key: (n) => new Uint8Array([n]),
    value: (n) => `seven is ${n}`,
    headers: (n) => [
      ['n', Buffer.from(String(n))],
      ['none', undefined],
    ],
    timestamp: (n) => n * 1_000,
    partition: (n, partitions) => n % partitions,
  })
  expect(record).toEqual({
    topic: 'out',
    partition: 1,
    offset: 0,
    timestamp: 7_000,
    key: Buffer.from([7]),
    value: Buffer.from('seven is 7'),
    headers: [
      ['n', Buffer.from('7')],
      ['none', undefined],
    ],
  })
})

interface Row {
  readonly op: '+' | '-'
  readonly key: string
  readonly value: number
}

test('writes no tombstone where a row is replaced within one turn', async () => {
  const rows: Row[] = [
    { op: '+', key: 'a', value: 1 },
    { op: '-', key: 'a', value: 1 },
    { op: '+', key: 'a', value: 2 },
    { op: '+', key: 'b', value: 3 },
    { op: '-', key: 'b', value: 3 },
  ]
  const records = await written(placeWith(1), rows, {
    key: ({ key }) => key,
    value: ({ value }) => String(value),
    tombstone: ({ op }) => op === '-',
  })
  expect(records.map(shown)).toEqual(['0: a=1', '0: a=2', '0: b=3', '0: b=-'])
})

test.each<readonly [string, Omit<ToKafkaOptions<number>, 'topic'>, string]>([
  ['a partition beyond the last', { partition: () => 2 }, 'expected a partition from 0 to 1, got 2'],
  ['a partition that is no whole number', { partition: () => 0.5 }, 'expected a partition from 0 to 1, got 0.5'],
  ['a key that is neither text nor bytes', { key: (n) => n as never }, 'expected text or bytes, got 1'],
  [
    'what a function throws',
    {
      value: () => {
        throw new Error('no')
      },
    },
    'no',
  ],
])('fails with %s', async (_, options, message) => {
  const rejection = await rejectionOf(written(placeWith(2), [1], options))
  expect(rejection).toMatch(/^callback: toKafka\(out\)/)
  expect(rejection).toContain(message)
})

test('fails for a topic that is not there', async () => {
  expect(await rejectionOf(written(new MemoryPlace(), [1], {}))).toMatch(/^output: toKafka\(out\): .*out/)
})

test('tells that a record could not be written, and why', async () => {
  const place = placeWith(1)
  place.cluster.control.fail({ operation: 'send', kind: 'refused' })
  const sink = toKafka<number>({ ...place.at('writer'), topic: 'out' })
  const failure: unknown = await run(fromIterable([1]), sink, { clock: place.clock }).done.catch(
    (error: unknown) => error,
  )
  expect(failure).toMatchObject({ code: 'output', operator: 'toKafka(out)' })
  expect((failure as Error).cause).toBeInstanceOf(KafkaError)
  expect(place.records('out')).toEqual([])
})

test('refuses options that are none', () => {
  expect(thrownBy(() => toKafka({ topic: 'a b' }))).toBe(
    "invalid-argument: toKafka: expected the name of a topic (letters, digits, '.', '_' and '-'), got 'a b'",
  )
  expect(thrownBy(() => toKafka({ topic: 'out', key: 'id' as never }))).toBe(
    "invalid-argument: toKafka: key must be a function, got 'id'",
  )
})

test('needs brokers where it is not the sink of a kafkaJob', async () => {
  expect(await rejectionOf(run(fromIterable([1]), toKafka<number>({ topic: 'out' })).done)).toBe(
    'invalid-argument: toKafka(out): expected brokers, or to be the sink of a kafkaJob',
  )
})
