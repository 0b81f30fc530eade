import { expect, test } from 'vitest'
import type { KafkaDeadLetter } from './decoded.ts'
import { run } from '../../lib/run.ts'
import { sideOutput } from '../../lib/wiring/side-output.ts'
import { boundedOutOfOrderness } from '../../lib/watermarks/bounded-out-of-orderness.ts'
import { type Change, changes } from '../../operators/changes.ts'
import { materialize } from '../../operators/materialize.ts'
import { thrownBy } from './fixtures/errors-of.ts'
import { MemoryPlace } from './fixtures/memory-job.ts'
import { kafkaJob } from './kafka-job.ts'
import { kafkaTable, tableTopic } from './kafka-table.ts'
import { toKafka } from './to-kafka.ts'

const rows = {
  decode: ({ value }: { readonly value: Buffer | undefined }) => Number(value),
  watermarks: boundedOutOfOrderness('0s', { idleTimeout: '1s' }),
}

function place(): MemoryPlace {
  const place = new MemoryPlace()
  place.cluster.topic('rows', 2)
  return place
}

test('first has the rows that are there, each once, and then the changes', async () => {
  const at = place()
  at.produce('rows', 0, 'a', '1', 1)
  at.produce('rows', 0, 'b', '2', 2)
  at.produce('rows', 0, 'a', '3', 3)
  at.produce('rows', 0, 'c', '4', 4)
  at.produce('rows', 0, 'b', undefined, 5)
  const { clock, onNotice, ...connection } = at.at('reader')
  const seen: string[] = []
  const job = run(
    kafkaTable({ ...connection, topic: 'rows', ...rows }).pipe(changes()),
    ({ op, key, value }) => void seen.push(`${op}${key}=${value}`),
    { clock, onNotice },
  )
  await at.pass()
  expect(seen).toEqual(['+a=3', '+c=4'])
  at.produce('rows', 0, 'a', '5', 6)
  at.produce('rows', 0, 'c', undefined, 7)
  await at.pass()
  expect(seen.slice(2)).toEqual(['-a=3', '+a=5', '-c=4'])
  await job.stop()
})

test('what has no key, or cannot be decoded, is a dead letter', async () => {
  const at = place()
  at.produce('rows', 0, undefined, '1', 1)
  at.produce('rows', 1, 'b', 'x', 2)
  at.produce('rows', 1, 'c', '3', 3)
  const refused = sideOutput<KafkaDeadLetter>('refused')
  const reasons: string[] = []
  refused.subscribe(({ source, reason }) => reasons.push(`${source}: ${reason}`))
  const view = materialize<number, string>()
  const { clock, onNotice, ...connection } = at.at('reader')
  const decode = ({ value }: { readonly value: Buffer | undefined }): number => {
    if (Number.isNaN(Number(value))) throw new Error('no number')
    return Number(value)
  }
  const job = run(kafkaTable({ ...connection, topic: 'rows', ...rows, decode, refused }), view, { clock, onNotice })
  await at.pass()
  expect([...view.entries()]).toEqual([['c', 3]])
  expect(reasons.toSorted()).toEqual(['rows-0: expected a key, got none', 'rows-1: no number'])
  await job.stop()
})

test('is an input of a job, of each task the rows in its partition', async () => {
  const at = place()
  at.cluster.topic('out', 1)
  const job = kafkaJob({
    ...at.at('one'),
    groupId: 'rows',
    source: tableTopic('rows', rows),
    pipeline: (table) => table.pipe(changes()),
    sink: toKafka<Change<number, string>>({
      topic: 'out',
      key: ({ key }) => key,
      value: ({ op, value }) => `${op}${value}`,
    }),
  })
  at.produce('rows', 0, 'a', '1', 1)
  at.produce('rows', 1, 'b', '2', 1)
  await at.pass(2)
  at.produce('rows', 0, 'a', '3', 2)
  await at.pass(2)
  expect(at.records('out').toSorted()).toEqual(['a=+1', 'a=+3', 'a=-1', 'b=+2'])
  await job.stop()
})

test('refuses what is no decoder', () => {
  expect(thrownBy(() => tableTopic('rows', { ...rows, decode: 1 as never }))).toBe(
    'invalid-argument: tableTopic: decode must be a function, got 1',
  )
  expect(thrownBy(() => kafkaTable({ brokers: ['a:1'], topic: '', ...rows }))).toBe(
    "invalid-argument: kafkaTable: expected the name of a topic (letters, digits, '.', '_' and '-'), got ''",
  )
})
