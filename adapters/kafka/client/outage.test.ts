import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { type Broker, startBroker } from '../fixtures/broker.ts'
import { needsOwnBroker } from '../fixtures/needs-broker.ts'
import type { KafkaDriver } from '../driver.ts'
import { committedValues, connected, newTopic, valuesTo } from './fixtures/connected.ts'

needsOwnBroker('a broker that goes away and comes back', () => {
  let broker: Broker
  beforeAll(async () => {
    broker = await startBroker()
  }, 60_000)
  afterAll(() => broker.stop())

  /** Work that goes on until it is told to end. */
  interface Work {
    readonly steps: number
    /** Ends it, and says what must be there, and what is. */
    end(): Promise<void>
  }

  async function readingAndWriting(driver: KafkaDriver): Promise<Work> {
    const topic = await newTopic(driver, { partitions: 2 })
    const read: string[][] = [[], []]
    for (const [partition, values] of read.entries()) {
      const feed = driver.feed({ topic, partition }, 0)
      onTestFinished(() => feed.close())
      const run = async (): Promise<void> => {
        for (;;) values.push(...(await feed.read()).records.map(({ value }) => String(value)))
      }
      run().catch((error: unknown) => values.push(String(error)))
    }
    const producer = driver.producer({})
    let count = 0
    const work = repeat(async () => {
      const value = String(count++)
      const sent = [0, 1].map((partition) => producer.send(valuesTo(topic, [value], partition)))
      // Much is sent while something is under way.
      await Promise.race([Promise.all(sent), new Promise((resolve) => setTimeout(resolve, 20))])
    })
    return {
      get steps() {
        return Math.min(...read.map(({ length }) => length))
      },
      async end() {
        await work.end()
        await producer.send([0, 1].flatMap((partition) => valuesTo(topic, ['end'], partition)))
        const all = [...Array.from({ length: count }, (_, index) => String(index)), 'end']
        for (const values of read) {
          await vi.waitFor(() => expect(values.at(-1)).toBe('end'), { timeout: 60_000 })
          expect(values).toEqual(all)
        }
      },
    }
  }

  async function transactions(driver: KafkaDriver): Promise<Work> {
    const topic = await newTopic(driver, { partitions: 2 })
    const producer = driver.producer({ transactionalId: topic })
    await producer.open()
    const member = { groupId: topic, memberId: '', generation: -1, instanceId: undefined }
    const committed: string[] = []
    let round = 0
    const work = repeat(async () => {
      const value = String(round++)
      await producer.send([0, 1].flatMap((partition) => valuesTo(topic, [value, value], partition)))
      if (round % 3 === 0) await producer.abort()
      else {
        await producer.commit({ member, offsets: [{ topic, partition: 0, offset: round }] })
        committed.push(value, value)
      }
    })
    return {
      get steps() {
        return committed.length
      },
      async end() {
        await work.end()
        for (const partition of [0, 1]) expect(await committedValues(driver, topic, partition)).toEqual(committed)
        const [last] = await driver.committed(topic, [{ topic, partition: 0 }])
        expect(last?.offset).toBe(Number(committed.at(-1)) + 1)
      },
    }
  }

  test('loses nothing and doubles nothing of what is read and written meanwhile', { timeout: 180_000 }, async () => {
    const { driver, troubles } = await connected(broker.bootstrap)
    const works = [await readingAndWriting(driver), await transactions(driver)]
    const goOn = async (): Promise<void> => {
      const before = works.map(({ steps }) => steps)
      const isOn = (): void =>
        works.forEach(({ steps }, index) => expect(steps).toBeGreaterThan((before[index] ?? 0) + 20))
      await vi.waitFor(isOn, { timeout: 60_000 })
    }
    await goOn()
    await broker.restart()
    await goOn()
    await broker.kill()
    await broker.restart()
    await goOn()
    for (const work of works) await work.end()
    const told = troubles.map(({ what }) => what.replace(/topic-.*/, ''))
    expect(told).toEqual(expect.arrayContaining(['fetch ', 'write ']))
  })

  test('that stands still for a while is waited for', { timeout: 120_000 }, async () => {
    const { driver } = await connected(broker.bootstrap)
    const topic = await newTopic(driver)
    const producer = driver.producer({})
    await producer.send(valuesTo(topic, ['before']))
    broker.pause()
    const sending = producer.send(valuesTo(topic, ['meanwhile']))
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    broker.resume()
    await sending
    expect(await committedValues(driver, topic)).toEqual(['before', 'meanwhile'])
  })

  test('ends what is waited for when the driver is closed', async () => {
    const { driver } = await connected(broker.bootstrap)
    const topic = await newTopic(driver)
    const producer = driver.producer({})
    await producer.open()
    broker.pause()
    onTestFinished(() => broker.resume())
    const waiting = Promise.allSettled([
      producer.send(valuesTo(topic, ['a'])),
      driver.offsets([{ topic, partition: 0 }], 'latest'),
    ])
    await new Promise((resolve) => setTimeout(resolve, 100))
    await driver.close()
    for (const result of await waiting) expect(result).toMatchObject({ reason: { kind: 'unavailable' } })
  })
})

/** Does something again and again. */
function repeat(step: () => Promise<void>): { end(): Promise<void> } {
  let isOver = false
  const done = (async () => {
    while (!isOver) await step()
  })()
  return {
    async end() {
      isOver = true
      await done
    },
  }
}
