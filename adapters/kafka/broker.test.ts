import { Admin, Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka'
import { existsSync, mkdtempSync, readdirSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Broker, startBroker } from './fixtures/broker.ts'
import { isRunning } from './fixtures/is-running.ts'
import { needsBroker, needsOwnBroker } from './fixtures/needs-broker.ts'
import { sharedBroker } from './fixtures/shared-broker.ts'

needsBroker('the broker of a test run', () => {
  let bootstrap: string
  let again: string

  beforeAll(async () => {
    ;[bootstrap, again] = await Promise.all([sharedBroker(), sharedBroker()])
  })

  test('answers, and is one for all who ask', async () => {
    expect(again).toBe(bootstrap)
    await withAdmin(bootstrap, async (admin) => {
      expect((await admin.metadata({ topics: [] })).brokers.size).toBeGreaterThan(0)
    })
  })
})

needsOwnBroker("a broker of one's own", () => {
  let broker: Broker

  beforeAll(async () => {
    broker = await startBroker({ properties: { 'num.partitions': 3 } })
  })

  afterAll(() => broker.stop())

  test('takes properties, and makes no topic that nobody created', async () => {
    await withAdmin(broker.bootstrap, async (admin) => {
      await expect(admin.metadata({ topics: ['actions'], autocreateTopics: true })).rejects.toThrow(
        'Unknown topic actions',
      )
      await admin.createTopics({ topics: ['actions'], partitions: -1 })
      expect((await admin.metadata({ topics: ['actions'] })).topics.get('actions')?.partitionsCount).toBe(3)
    })
  })

  test('has what was written after it was killed and started again', async () => {
    const { bootstrap, pid } = broker
    await withAdmin(bootstrap, (admin) => admin.createTopics({ topics: ['kept'], partitions: 1 }))
    await write(bootstrap, 'kept', [['a', 'first']])
    await broker.kill()
    expect([isRunning(pid), broker.pid]).toEqual([false, undefined])
    await broker.restart()
    expect(broker.bootstrap).toBe(bootstrap)
    await write(bootstrap, 'kept', [['a', 'second']])
    expect(await valuesUntil('second', bootstrap, 'kept')).toEqual(['first', 'second'])
  })

  test('starts again in order, even when it stands still', async () => {
    await write(broker.bootstrap, 'kept', [['a', 'third']])
    broker.pause()
    await broker.restart()
    expect(await valuesUntil('third', broker.bootstrap, 'kept')).toEqual(['first', 'second', 'third'])
  })

  test('answers nothing while it stands still', async () => {
    let answered = false
    await withAdmin(broker.bootstrap, async (admin) => {
      await admin.metadata({ topics: [] })
      broker.pause()
      const answer = admin.metadata({ topics: [], forceUpdate: true }).then(() => (answered = true))
      await setTimeout(300)
      expect(answered).toBe(false)
      broker.resume()
      await answer
      expect(answered).toBe(true)
    })
  })

  test('compacts soon what a topic no longer needs', async () => {
    const configs = [
      { name: 'cleanup.policy', value: 'compact' },
      { name: 'segment.ms', value: '100' },
    ]
    await withAdmin(broker.bootstrap, (admin) => admin.createTopics({ topics: ['table'], partitions: 1, configs }))
    await write(broker.bootstrap, 'table', [
      ['a', '1'],
      ['a', '2'],
    ])
    await setTimeout(200)
    await write(broker.bootstrap, 'table', [['b', 'end']])
    let values: string[]
    do values = await valuesUntil('end', broker.bootstrap, 'table')
    while (values.includes('1'))
    expect(values).toEqual(['2', 'end'])
  })

  test('leaves nothing behind, even when it stands still as it is stopped', async () => {
    const { pid, folder } = broker
    expect(isRunning(pid)).toBe(true)
    broker.pause()
    await broker.stop()
    expect([isRunning(pid), existsSync(folder)]).toEqual([false, false])
  })
})

needsOwnBroker('a broker that cannot start', () => {
  test.each([
    ['is wrong when it is formatted', { 'num.partitions': 'many' }, /num\.partitions/],
    ['is missed when it starts', { 'authorizer.class.name': 'Nobody' }, /it ended with exit code[^]*Nobody/],
  ])('says what %s, and leaves nothing behind', async (_, properties, message) => {
    const folder = mkdtempSync(join(tmpdir(), 'tidemark-'))
    vi.stubEnv('TMPDIR', folder)
    await expect(startBroker({ properties })).rejects.toThrow(message)
    vi.unstubAllEnvs()
    expect(readdirSync(folder)).toEqual([])
    rmdirSync(folder)
  })
})

async function withAdmin<T>(bootstrap: string, use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Admin({ clientId: 'test', bootstrapBrokers: [bootstrap] })
  try {
    return await use(admin)
  } finally {
    await admin.close()
  }
}

async function write(bootstrap: string, topic: string, pairs: readonly (readonly [string, string])[]): Promise<void> {
  const producer = new Producer({ clientId: 'test', bootstrapBrokers: [bootstrap], serializers: stringSerializers })
  await producer.send({ messages: pairs.map(([key, value]) => ({ topic, key, value })) })
  await producer.close()
}

/** What a topic has from its beginning up to a certain value. */
async function valuesUntil(last: string, bootstrap: string, topic: string): Promise<string[]> {
  const consumer = new Consumer({
    clientId: 'test',
    groupId: `test-${Math.random()}`,
    bootstrapBrokers: [bootstrap],
    deserializers: stringDeserializers,
  })
  const values: string[] = []
  for await (const { value } of await consumer.consume({ topics: [topic], mode: 'earliest', maxWaitTime: 100 })) {
    values.push(value)
    if (value === last) break
  }
  await consumer.close(true)
  return values
}
