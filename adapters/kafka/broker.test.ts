import { Admin, Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka'
import { existsSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Broker, startBroker } from './fixtures/broker.ts'
import { needsBroker, needsOwnBroker } from './fixtures/needs-broker.ts'
import { sharedBroker } from './fixtures/shared-broker.ts'

needsBroker('the broker of a test run', () => {
  test('answers, and is one for all who ask', async () => {
    const [bootstrap, again] = await Promise.all([sharedBroker(), sharedBroker()])
    expect(again).toBe(bootstrap)
    await using admin = administrator(bootstrap)
    expect((await admin.metadata({ topics: [] })).brokers.size).toBe(1)
  })
})

needsOwnBroker("a broker of one's own", () => {
  let broker: Broker

  beforeAll(async () => {
    broker = await startBroker({ properties: { 'num.partitions': 3 } })
  }, 60_000)

  afterAll(() => broker.stop())

  test('takes properties, and makes no topic of itself', async () => {
    await using admin = administrator(broker.bootstrap)
    await expect(admin.metadata({ topics: ['actions'] })).rejects.toThrow()
    await admin.createTopics({ topics: ['actions'], partitions: -1 })
    expect((await admin.metadata({ topics: ['actions'] })).topics.get('actions')?.partitionsCount).toBe(3)
  })
})
