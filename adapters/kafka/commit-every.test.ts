import { expect, test } from 'vitest'
import { VirtualClock } from '../../lib/clock.ts'
import { kafkaJob } from './kafka-job.ts'
import { memoryCluster } from './memory/memory-cluster.ts'
import { toKafka } from './to-kafka.ts'
import { topic } from './topic.ts'

function job(commitEvery: string, guarantee: 'exactly-once' | 'at-least-once'): () => Promise<void> {
  const clock = new VirtualClock()
  const cluster = memoryCluster({ clock })
  cluster.topic('in', 1)
  cluster.topic('out', 1)
  return () =>
    kafkaJob({
      brokers: ['memory:1'],
      driver: cluster.driver,
      clock,
      groupId: 'job',
      commitEvery,
      guarantee,
      source: topic('in'),
      pipeline: (records) => records,
      sink: toKafka({ topic: 'out' }),
    }).stop()
}

test('takes no longer than brokers let a transaction be', async () => {
  await job('10m', 'exactly-once')()
  expect(job('601s', 'exactly-once')).toThrow("kafkaJob: commitEvery must be <= '10m'")
  await job('601s', 'at-least-once')()
})
