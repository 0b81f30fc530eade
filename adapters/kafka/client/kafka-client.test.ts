import { randomUUID } from 'node:crypto'
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import type { GroupMember, KafkaDriver, MemberOptions } from '../driver.ts'
import { needsBroker } from '../fixtures/needs-broker.ts'
import { sharedBroker } from '../fixtures/shared-broker.ts'
import { connected, newTopic, valuesTo } from './fixtures/connected.ts'

needsBroker('a cluster', () => {
  let bootstrap = ''
  beforeAll(async () => {
    bootstrap = await sharedBroker()
  }, 60_000)

  async function joined(driver: KafkaDriver, options: Partial<MemberOptions> = {}): Promise<GroupMember> {
    const nothing = (): void => {}
    const member = driver.member({
      groupId: randomUUID(),
      topics: [],
      protocol: 'classic',
      sessionTimeout: 10_000,
      rebalanceTimeout: 10_000,
      keepsTogether: false,
      listener: { assigned: nothing, revoked: nothing, lost: nothing, failed: nothing },
      ...options,
    })
    onTestFinished(() => member.close())
    await vi.waitFor(() => expect(member.rebalances).toBeGreaterThan(0), { timeout: 30_000 })
    return member
  }

  test('makes the topics that are not there', async () => {
    const { driver } = await connected(bootstrap)
    const [one, two] = [randomUUID(), randomUUID()]
    await driver.createTopics([{ topic: one, partitions: 3, replicationFactor: 1 }])
    await driver.createTopics([
      { topic: one, partitions: 5 },
      { topic: two, partitions: 1, settings: { 'cleanup.policy': 'compact' } },
    ])
    expect(await driver.partitionCounts([two, one])).toEqual(
      new Map([
        [two, 1],
        [one, 3],
      ]),
    )
    // What has no key can not be compacted.
    await expect(driver.producer({}).send(valuesTo(two, ['a']))).rejects.toMatchObject({
      kind: 'other',
      message: expect.stringContaining('INVALID_RECORD') as string,
    })
  })

  test.each([
    [{ topic: 'a b', partitions: 1 }, 'unknown-topic', 'INVALID_TOPIC_EXCEPTION'],
    [{ topic: 'no-partitions', partitions: 0 }, 'other', 'INVALID_PARTITIONS'],
    [{ topic: 'replicated', partitions: 1, replicationFactor: 9 }, 'other', 'INVALID_REPLICATION_FACTOR'],
    [{ topic: 'set', partitions: 1, settings: { 'no.such': '1' } }, 'other', 'INVALID_CONFIG'],
  ])('does not make a topic as %j', async (topic, kind, code) => {
    const { driver } = await connected(bootstrap)
    await expect(driver.createTopics([topic])).rejects.toMatchObject({
      kind,
      message: expect.stringMatching(`^create topic ${topic.topic}: .*${code}`) as string,
    })
  })

  test('says which topic is not there', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver)
    await expect(driver.partitionCounts([topic, 'nowhere'])).rejects.toMatchObject({
      kind: 'unknown-topic',
      message: "topics: there is no topic 'nowhere'",
    })
  })

  test('knows offsets by time, in the order they were asked for', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver, { partitions: 3 })
    const at = (partition: number, timestamp: number): object => ({ partition, timestamp })
    const records = [at(0, 1_000), at(0, 2_000), at(0, 3_000), at(1, 5_000)]
    await driver
      .producer({})
      .send(records.map((record) => ({ topic, partition: 0, key: undefined, value: undefined, ...record })))
    const partitions = [2, 1, 0].map((partition) => ({ topic, partition }))
    const offsets = async (time: Parameters<KafkaDriver['offsets']>[1]): Promise<number[]> =>
      (await driver.offsets(partitions, time)).map(({ partition, offset }) => {
        expect([0, 1, 2]).toContain(partition)
        return offset
      })
    expect(await offsets('earliest')).toEqual([0, 0, 0])
    expect(await offsets('latest')).toEqual([0, 1, 3])
    expect(await offsets(2_000)).toEqual([0, 0, 1])
    expect(await offsets(2_001)).toEqual([0, 0, 2])
    expect(await offsets(3_001)).toEqual([0, 0, 3])
    expect(await offsets(9_000)).toEqual([0, 1, 3])
    expect(await driver.offsets([], 'latest')).toEqual([])
  })

  test('keeps offsets of a group', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver, { partitions: 2 })
    const groupId = randomUUID()
    const partitions = [0, 1].map((partition) => ({ topic, partition }))
    expect(await driver.committed(groupId, partitions)).toEqual([])
    await driver.commitOffsets({ groupId }, [])
    await driver.commitOffsets({ groupId }, [{ topic, partition: 1, offset: 7 }])
    expect(await driver.committed(groupId, partitions)).toEqual([{ topic, partition: 1, offset: 7 }])
    expect(await driver.holders(groupId)).toEqual([])
  })

  test.each(['classic', 'cooperative', 'consumer'] as const)('has %s members, and their offsets', async (protocol) => {
    const { driver } = await connected(bootstrap, { clientId: 'one of them' })
    const topic = await newTopic(driver, { partitions: 2 })
    const groupId = randomUUID()
    const member = await joined(driver, { groupId, topics: [topic], protocol })
    const { identity } = member
    if (identity === undefined) throw new Error('is in no group')
    const offsets = [{ topic, partition: 0, offset: 3 }]
    await driver.commitOffsets(identity, offsets)
    expect(await driver.committed(groupId, offsets)).toEqual(offsets)
    const partitions = [0, 1].map((partition) => ({ topic, partition }))
    await vi.waitFor(
      async () =>
        expect(await driver.holders(groupId)).toEqual([
          { clientId: 'one of them', host: expect.stringContaining('127.0.0.1') as string, partitions },
        ]),
      { timeout: 10_000 },
    )

    // Also in a transaction, and not in the name of one that is no member any more.
    const producer = driver.producer({ transactionalId: groupId })
    await producer.open()
    await producer.commit({ member: identity, offsets: [{ topic, partition: 0, offset: 4 }] })
    expect(await driver.committed(groupId, offsets)).toEqual([{ topic, partition: 0, offset: 4 }])
    for (const stale of [
      { ...identity, generation: identity.generation + 1 },
      { ...identity, memberId: randomUUID() },
    ]) {
      await expect(producer.commit({ member: stale, offsets })).rejects.toMatchObject({ kind: 'fenced' })
      await producer.abort()
      await expect(driver.commitOffsets(stale, offsets)).rejects.toMatchObject({ kind: 'fenced' })
    }
    expect(await driver.committed(groupId, offsets)).toEqual([{ topic, partition: 0, offset: 4 }])
  })

  test('waits for offsets that a transaction is about to change', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver)
    const groupId = randomUUID()
    const producer = driver.producer({ transactionalId: groupId })
    await producer.open()
    const member = { groupId, memberId: '', generation: -1, instanceId: undefined }
    const at = (offset: number): { topic: string; partition: number; offset: number } => ({
      topic,
      partition: 0,
      offset,
    })
    for (let round = 0; round < 20; round++) {
      await producer.send(valuesTo(topic, ['a']))
      await producer.commit({ member, offsets: [at(round)] })
      expect(await driver.committed(groupId, [at(0)])).toEqual([at(round)])
    }
  })
})
