import { expect, test } from 'vitest'
import { realClock } from '../../lib/clock.ts'
import { route, run } from '../../lib/run.ts'
import { type SideOutput, sideOutput } from '../../lib/wiring/side-output.ts'
import type { DeadLetter } from '../line/dead-letter.ts'
import { kafkaLines } from './kafka-lines.ts'
import { memoryCluster } from './memory/memory-cluster.ts'

test('a record is a line, with its partition and offset', async () => {
  const cluster = memoryCluster({ clock: realClock })
  cluster.topic('log', 2)
  const record = { topic: 'log', key: undefined }
  cluster.produce([
    { ...record, partition: 1, value: Buffer.from('first') },
    { ...record, partition: 1, value: undefined },
    { ...record, partition: 1, value: Buffer.from('') },
    { ...record, partition: 1, value: Buffer.from('grün') },
  ])
  const refused: SideOutput<DeadLetter> = sideOutput('refused')
  const lines = kafkaLines({ brokers: ['memory:1'], driver: cluster.driver, topics: 'log', end: 'latest', refused })
  const read: unknown[] = []
  const dead: unknown[] = []
  await run([
    route(lines, ({ source, number, offset, text }) => void read.push([source, number, offset, text])),
    route(refused, ({ source, offset, reason }) => void dead.push([source, offset, reason])),
  ]).done
  expect(read).toEqual([
    ['log-1', 0, 0, 'first'],
    ['log-1', 2, 2, ''],
    ['log-1', 3, 3, 'grün'],
  ])
  expect(dead).toEqual([['log-1', 1, 'expected a value, got a tombstone']])
})
