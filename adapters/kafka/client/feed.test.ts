import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { needsBroker } from '../fixtures/needs-broker.ts'
import { sharedBroker } from '../fixtures/shared-broker.ts'
import type { Compression, KafkaDriver, PartitionFeed } from '../driver.ts'
import type { OutgoingRecord } from '../kafka-record.ts'
import { connected, newTopic, readTo, valuesTo } from './fixtures/connected.ts'
import { loadClient } from './load-client.ts'

needsBroker('a feed', () => {
  let bootstrap = ''
  beforeAll(async () => {
    bootstrap = await sharedBroker()
  }, 60_000)

  function feedOf(driver: KafkaDriver, topic: string, offset = 0, partition = 0): PartitionFeed {
    const feed = driver.feed({ topic, partition }, offset)
    onTestFinished(() => feed.close())
    return feed
  }

  async function write(driver: KafkaDriver, records: readonly OutgoingRecord[]): Promise<void> {
    const producer = driver.producer({})
    await producer.send(records)
  }

  test('gives records as they were written', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver)
    const records = [
      { topic, partition: 0, timestamp: 1_700_000_000_000, key: Buffer.from('k'), value: Buffer.from('v') },
      { topic, partition: 0, timestamp: 1_600_000_000_000, key: Buffer.from('k'), value: undefined },
      { topic, partition: 0, timestamp: 0, key: undefined, value: Buffer.alloc(0) },
      {
        topic,
        partition: 0,
        timestamp: 2,
        key: Buffer.alloc(0),
        value: Buffer.from('ü'),
        headers: [
          ['trace', Buffer.from('1')],
          ['trace', undefined],
          ['ünder', Buffer.alloc(0)],
        ] as const,
      },
    ]
    await write(driver, records)
    const read = await readTo(feedOf(driver, topic), 4)
    expect(read).toEqual(records.map((record, offset) => ({ headers: [], ...record, offset })))
  })

  describe.each<Compression>(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('%s', (compression) => {
    const values = Array.from({ length: 500 }, (_, index) => `${index} ${'abc'.repeat(index % 50)}`)

    test('written here', async () => {
      const { driver } = await connected(bootstrap)
      const topic = await newTopic(driver)
      await driver.producer({ compression }).send(valuesTo(topic, values))
      expect((await readTo(feedOf(driver, topic), 500)).map(({ value }) => String(value))).toEqual(values)

      const { Consumer, stringDeserializers } = await loadClient()
      const consumer = new Consumer({
        clientId: 'other',
        groupId: topic,
        bootstrapBrokers: [bootstrap],
        deserializers: stringDeserializers,
      })
      const stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: false })
      const others: string[] = []
      for await (const message of stream) {
        others.push(message.value)
        if (others.length === values.length) break
      }
      await consumer.close(true)
      expect(others).toEqual(values)
    })

    test('written elsewhere', async () => {
      const { driver } = await connected(bootstrap)
      const topic = await newTopic(driver)
      const { Producer, stringSerializers } = await loadClient()
      const producer = new Producer({
        clientId: 'other',
        bootstrapBrokers: [bootstrap],
        serializers: stringSerializers,
        compression,
      })
      await producer.send({ messages: values.map((value) => ({ topic, partition: 0, value })) })
      await producer.close()
      expect((await readTo(feedOf(driver, topic), 500)).map(({ value }) => String(value))).toEqual(values)
    })
  })

  test('begins in the middle of a batch', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver)
    await write(driver, valuesTo(topic, ['a', 'b', 'c']))
    const fetched = await feedOf(driver, topic, 1).read()
    expect(fetched.records.map(({ offset, value }) => [offset, String(value)])).toEqual([
      [1, 'b'],
      [2, 'c'],
    ])
    expect(fetched).toMatchObject({ next: 3, end: 3 })
  })

  test('has records larger than an answer should be, in several partitions', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver, { partitions: 3, settings: { 'max.message.bytes': '4000000' } })
    const large = randomBytes(3_000_000)
    const partitions = [0, 1, 2]
    const rounds = [1, 2]
    for (const round of rounds)
      for (const partition of partitions)
        await write(driver, [{ topic, partition, key: Buffer.from(`${round}`), value: large }])
    const read = await Promise.all(partitions.map((partition) => readTo(feedOf(driver, topic, 0, partition), 2)))
    for (const records of read) {
      expect(records.map(({ key }) => String(key))).toEqual(['1', '2'])
      expect(records.every(({ value }) => value?.equals(large))).toBe(true)
    }
  })

  test('knows the end, and whether it is behind', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver)
    const feed = feedOf(driver, topic)
    expect(feed).toMatchObject({ end: undefined, isBehind: false })
    const reading = feed.read()
    await vi.waitFor(() => expect(feed).toMatchObject({ end: 0, isBehind: false }), { timeout: 10_000 })
    await write(driver, valuesTo(topic, ['a']))
    expect(await reading).toMatchObject({ next: 1, end: 1 })
    expect(feed).toMatchObject({ end: 1, isBehind: false })
    await write(driver, valuesTo(topic, ['b']))
    await vi.waitFor(() => expect(feed).toMatchObject({ end: 2, isBehind: true }), { timeout: 10_000 })
    expect(await feed.read()).toMatchObject({ next: 2 })
    expect(feed.isBehind).toBe(false)
  })

  test('holds one answer and fetches no further', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver)
    const values = Array.from({ length: 8 }, () => randomBytes(300_000).toString('base64'))
    for (const value of values) await write(driver, valuesTo(topic, [value]))
    const feed = feedOf(driver, topic)
    await vi.waitFor(() => expect(feed.isBehind).toBe(true), { timeout: 10_000 })
    await write(driver, valuesTo(topic, ['last']))
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(feed.end).toBe(8)
    expect((await readTo(feed, 9)).length).toBe(9)
  })

  test('of one partition twice', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver)
    await write(driver, valuesTo(topic, ['a', 'b', 'c']))
    const [first, second] = [feedOf(driver, topic), feedOf(driver, topic, 2)]
    const [all, last] = await Promise.all([readTo(first, 3), readTo(second, 3)])
    expect([all.length, last.length]).toEqual([3, 1])
    // Both at the end, where they wait.
    const waiting = [first, second].map(async (feed) => await feed.read())
    await write(driver, valuesTo(topic, ['d']))
    for (const { records } of await Promise.all(waiting)) expect(records.map(({ offset }) => offset)).toEqual([3])
  })

  test('that waits holds up no other', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver, { partitions: 2 })
    const silent = feedOf(driver, topic)
    void silent.read()
    const busy = feedOf(driver, topic, 0, 1)
    const start = performance.now()
    for (let count = 0; count < 40; count++) {
      await write(driver, valuesTo(topic, [`${count}`], 1))
      await readTo(busy, count + 1)
    }
    // 20 s if each had to wait until the broker has no more hope of the other.
    expect(performance.now() - start).toBeLessThan(10_000)
  })

  test('after compaction', async () => {
    const { driver } = await connected(bootstrap)
    const settings = { 'cleanup.policy': 'compact', 'segment.ms': '100', 'min.cleanable.dirty.ratio': '0.01' }
    const topic = await newTopic(driver, { settings })
    const keyed = (key: string, value: string): OutgoingRecord[] => [
      { topic, partition: 0, key: Buffer.from(key), value: Buffer.from(value) },
    ]
    await write(driver, [...keyed('a', '1'), ...keyed('b', '2'), ...keyed('a', '3'), ...keyed('b', '4')])
    await write(driver, [...keyed('c', '5'), ...keyed('a', '6')])
    let count = 6
    await vi.waitFor(
      async () => {
        await write(driver, keyed('tick', `${++count}`))
        const feed = driver.feed({ topic, partition: 0 }, 0)
        const read = await readTo(feed, count)
        feed.close()
        expect(read.slice(0, 3).map(({ offset, value }) => [offset, String(value)])).toEqual([
          [3, '4'],
          [4, '5'],
          [5, '6'],
        ])
      },
      { timeout: 30_000, interval: 300 },
    )
  })

  test('of a topic where the broker sets the time', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver, { settings: { 'message.timestamp.type': 'LogAppendTime' } })
    await write(driver, [{ topic, partition: 0, timestamp: 5, key: undefined, value: Buffer.from('a') }])
    const [record] = await readTo(feedOf(driver, topic), 1)
    expect(record?.timestamp).toBeGreaterThan(1_700_000_000_000)
  })

  test('at an offset that is not there', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver)
    await write(driver, valuesTo(topic, ['a']))
    const feed = feedOf(driver, topic, 7)
    const expected = { kind: 'out-of-range', message: expect.stringContaining(`fetch ${topic}-0 at 7: `) as string }
    await expect(feed.read()).rejects.toMatchObject(expected)
    await expect(feed.read()).rejects.toMatchObject(expected)
  })

  test('of a topic that is not there', async () => {
    const { driver, troubles } = await connected(bootstrap)
    const topic = await newTopic(driver)
    const [noTopic, noPartition] = await Promise.allSettled([
      feedOf(driver, 'nowhere').read(),
      feedOf(driver, topic, 0, 4).read(),
    ])
    expect(noTopic).toMatchObject({
      reason: { kind: 'unknown-topic', message: "fetch nowhere-0 at 0: there is no topic 'nowhere'" },
    })
    expect(noPartition).toMatchObject({ reason: { kind: 'unknown-topic' } })
    expect(troubles.map(({ what }) => what)).toContain('fetch nowhere-0 at 0')
  })

  test('says nothing after it was closed', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver)
    const [feed, other] = [feedOf(driver, topic), feedOf(driver, topic)]
    let said = 0
    const ask = async (one: PartitionFeed): Promise<void> => {
      await Promise.allSettled([one.read()])
      said += 1
    }
    void ask(feed)
    void ask(other)
    feed.close()
    await write(driver, valuesTo(topic, ['a']))
    await vi.waitFor(() => expect(said).toBe(1), { timeout: 10_000 })
    void ask(other)
    await driver.close()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(said).toBe(1)
  })
})
