import { randomUUID } from 'node:crypto'
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { needsBroker } from '../fixtures/needs-broker.ts'
import { sharedBroker } from '../fixtures/shared-broker.ts'
import type { KafkaDriver, MemberIdentity, Producer } from '../driver.ts'
import { committedValues, connected, newTopic, readTo, valuesTo } from './fixtures/connected.ts'

needsBroker('a transaction', () => {
  let bootstrap = ''
  beforeAll(async () => {
    bootstrap = await sharedBroker()
  }, 60_000)

  async function opened(driver: KafkaDriver, transactionalId: string = randomUUID()): Promise<Producer> {
    const producer = driver.producer({ transactionalId })
    await producer.open()
    return producer
  }

  /** Of a group without members, so that offsets can be committed by anyone. */
  function nobody(groupId: string): MemberIdentity {
    return { groupId, memberId: '', generation: -1, instanceId: undefined }
  }

  test('is seen when it is committed, and not before', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver, { partitions: 2 })
    const producer = await opened(driver)
    const feed = driver.feed({ topic, partition: 0 }, 0)
    onTestFinished(() => feed.close())
    await producer.send(valuesTo(topic, ['a']))
    await producer.send(valuesTo(topic, ['b'], 1))
    const places = [{ topic, partition: 0 }]
    expect(await driver.offsets(places, 'latest')).toEqual([{ topic, partition: 0, offset: 0 }])
    expect(await driver.offsets(places, 'end')).toEqual([{ topic, partition: 0, offset: 1 }])
    await vi.waitFor(() => expect(feed.end).toBe(0), { timeout: 10_000 })
    await producer.commit()
    expect((await readTo(feed, 2)).map(({ value }) => String(value))).toEqual(['a'])
    expect(await committedValues(driver, topic, 1)).toEqual(['b'])
  })

  test('of two producers that interleave, some committed and some aborted', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver)
    const producers = [await opened(driver), await opened(driver)]
    const expected: string[] = []
    for (let round = 0; round < 12; round++) {
      const isCommitted = producers.map((_, index) => (round >> index) % 2 === 0)
      for (const part of ['a', 'b'])
        for (const [index, producer] of producers.entries()) {
          const value = `${round} ${index} ${part}`
          await producer.send(valuesTo(topic, [value]))
          if (isCommitted[index] === true) expected.push(value)
        }
      for (const [index, producer] of producers.entries())
        await (isCommitted[index] === true ? producer.commit() : producer.abort())
    }
    expect(await committedValues(driver, topic)).toEqual(expected)
    // Also from any place in the middle.
    const [end] = await driver.offsets([{ topic, partition: 0 }], 'latest')
    for (let offset = 1; offset < (end?.offset ?? 0); offset += 5) {
      const feed = driver.feed({ topic, partition: 0 }, offset)
      const values = (await readTo(feed, end?.offset ?? 0)).map(({ value }) => String(value))
      feed.close()
      expect(values).toEqual(values.length === 0 ? [] : expected.slice(-values.length))
    }
  })

  test('has the offsets of a group', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver, { partitions: 2 })
    const groupId = randomUUID()
    const producer = await opened(driver)
    const partitions = [0, 1].map((partition) => ({ topic, partition }))
    const at = (offset: number): { topic: string; partition: number; offset: number }[] =>
      partitions.map((one) => ({ ...one, offset }))
    await producer.send(valuesTo(topic, ['a']))
    await producer.commit({ member: nobody(groupId), offsets: at(5) })
    expect(await driver.committed(groupId, partitions)).toEqual(at(5))
    // Without a record.
    await producer.commit({ member: nobody(groupId), offsets: at(6) })
    expect(await driver.committed(groupId, partitions)).toEqual(at(6))
    await producer.send(valuesTo(topic, ['b']))
    await producer.abort()
    expect(await driver.committed(groupId, partitions)).toEqual(at(6))
    expect(await committedValues(driver, topic)).toEqual(['a'])
  })

  test('of a member that is none is fenced, and nothing of it is seen', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver)
    const groupId = randomUUID()
    const producer = await opened(driver)
    await producer.send(valuesTo(topic, ['a']))
    const member = { groupId, memberId: 'somebody', generation: 3, instanceId: undefined }
    const offsets = [{ topic, partition: 0, offset: 1 }]
    await expect(producer.commit({ member, offsets })).rejects.toMatchObject({ kind: 'fenced' })
    await expect(producer.send(valuesTo(topic, ['b']))).rejects.toMatchObject({ kind: 'fenced' })
    await producer.abort()
    await producer.send(valuesTo(topic, ['c']))
    await producer.commit()
    expect(await committedValues(driver, topic)).toEqual(['c'])
    expect(await driver.committed(groupId, offsets)).toEqual([])
  })

  test('of a zombie is fenced, and stays so', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver)
    const zombie = await opened(driver, topic)
    await zombie.send(valuesTo(topic, ['zombie']))
    const heir = await opened(driver, topic)
    await heir.send(valuesTo(topic, ['heir']))
    await expect(zombie.commit()).rejects.toMatchObject({ kind: 'fenced' })
    await zombie.abort()
    await expect(zombie.send(valuesTo(topic, ['again']))).rejects.toMatchObject({ kind: 'fenced' })
    await zombie.abort()
    await heir.commit()
    expect(await committedValues(driver, topic)).toEqual(['heir'])
  })

  test('that was left open is aborted by the next producer of its id, whose producer id is not 0', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver)
    // Takes producer id 0, if nobody has.
    await opened(driver)
    for (const round of [1, 2, 3]) {
      const producer = await opened(driver, topic)
      await producer.send(valuesTo(topic, [`${round} committed`]))
      await producer.commit()
      await producer.send(valuesTo(topic, [`${round} left`]))
      await producer.close()
    }
    const last = await opened(driver, topic)
    await last.commit()
    expect(await committedValues(driver, topic)).toEqual(['1 committed', '2 committed', '3 committed'])
  })

  test('takes what is sent while another one ends', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver)
    const producer = await opened(driver)
    const send = (value: string): void => void producer.send(valuesTo(topic, [value])).catch(() => {})
    for (let round = 0; round < 5; round++) {
      send(`${round} a`)
      send(`${round} b`)
      const ended = round === 2 ? producer.abort() : producer.commit()
      send(`${round} c`)
      await ended
    }
    await producer.commit()
    const seen = '0 a,0 b,0 c,1 a,1 b,2 c,3 a,3 b,3 c,4 a,4 b,4 c'.split(',')
    expect(await committedValues(driver, topic)).toEqual(seen)
  })

  test('can be aborted while it is written', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver)
    const producer = await opened(driver)
    for (let round = 0; round < 3; round++) {
      const large = Array.from({ length: 30_000 }, (_, index) => `${index}`.padStart(200))
      const sending = producer.send(valuesTo(topic, large))
      sending.catch(() => {})
      await driver.offsets([{ topic, partition: 0 }], 'latest')
      await producer.abort()
      await expect(sending).rejects.toMatchObject({ message: 'the transaction was aborted' })
      await producer.send(valuesTo(topic, [`${round}`]))
      await producer.commit()
    }
    expect(await committedValues(driver, topic)).toEqual(['0', '1', '2'])
  })

  test('with a record that is too large can only be aborted', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver)
    const producer = await opened(driver)
    await producer.send(valuesTo(topic, ['a']))
    await expect(producer.send(valuesTo(topic, ['x'.repeat(2_000_000)]))).rejects.toMatchObject({ kind: 'too-large' })
    await expect(producer.commit()).rejects.toMatchObject({ kind: 'too-large' })
    await producer.abort()
    await producer.send(valuesTo(topic, ['b']))
    await producer.commit()
    expect(await committedValues(driver, topic)).toEqual(['b'])
  })

  test('that takes too long is fenced', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver)
    const producer = driver.producer({ transactionalId: topic, transactionTimeout: 300 })
    await producer.open()
    await producer.send(valuesTo(topic, ['late']))
    await vi.waitFor(
      async () => {
        const [end] = await driver.offsets([{ topic, partition: 0 }], 'latest')
        expect(end?.offset).toBe(2)
      },
      { timeout: 20_000, interval: 100 },
    )
    await expect(producer.commit()).rejects.toMatchObject({ kind: 'fenced' })
    await producer.open()
    await producer.send(valuesTo(topic, ['in time']))
    await producer.commit()
    expect(await committedValues(driver, topic)).toEqual(['in time'])
  })
})
