import { beforeAll, expect, test } from 'vitest'
import { needsBroker } from '../fixtures/needs-broker.ts'
import { sharedBroker } from '../fixtures/shared-broker.ts'
import { committedValues, connected, newTopic, valuesTo } from './fixtures/connected.ts'

needsBroker('a producer', () => {
  let bootstrap = ''
  beforeAll(async () => {
    bootstrap = await sharedBroker()
  }, 60_000)

  test('writes in order, whatever is sent meanwhile', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver, { partitions: 2 })
    const producer = driver.producer({})
    await producer.open()
    const values = Array.from({ length: 2_000 }, (_, index) => String(index))
    const sent = values.map((value, index) => producer.send(valuesTo(topic, [value], index % 2)))
    await Promise.all(sent)
    for (const partition of [0, 1])
      expect(await committedValues(driver, topic, partition)).toEqual(
        values.filter((_, index) => index % 2 === partition),
      )
  })

  test('cuts what is much into batches', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver, { partitions: 3 })
    const values = Array.from({ length: 40_000 }, (_, index) => `${index}`.padStart(100))
    await driver.producer({}).send(values.flatMap((value, index) => valuesTo(topic, [value], index % 3)))
    for (const partition of [0, 1, 2])
      expect(await committedValues(driver, topic, partition)).toEqual(
        values.filter((_, index) => index % 3 === partition),
      )
  })

  test('makes its batches smaller for a topic that takes no more', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver, { settings: { 'max.message.bytes': '3000' } })
    const values = Array.from({ length: 500 }, (_, index) => `${index}`.padStart(100))
    const producer = driver.producer({})
    await producer.send(valuesTo(topic, values))
    await producer.send(valuesTo(topic, ['more']))
    expect(await committedValues(driver, topic)).toEqual([...values, 'more'])
  })

  test('refuses a record that is too large, and goes on with others', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver, { partitions: 2 })
    const producer = driver.producer({})
    await producer.send(valuesTo(topic, ['before']))
    const [large, other] = await Promise.allSettled([
      producer.send([
        ...valuesTo(topic, ['with it']),
        { topic, partition: 0, key: undefined, value: Buffer.alloc(2_000_000) },
        ...valuesTo(topic, ['behind it']),
      ]),
      producer.send(valuesTo(topic, ['other'], 1)),
    ])
    expect(large).toMatchObject({
      reason: { kind: 'too-large', message: expect.stringContaining(`write ${topic}-0: `) as string },
    })
    expect(other.status).toBe('fulfilled')
    await producer.send(valuesTo(topic, ['after']))
    const values = await committedValues(driver, topic)
    expect(values.at(0)).toBe('before')
    expect(values.at(-1)).toBe('after')
    expect(values).not.toContain('behind it')
    expect(await committedValues(driver, topic, 1)).toEqual(['other'])
  })

  test('has a record of a megabyte', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver)
    const value = 'x'.repeat(1_000_000)
    await driver.producer({}).send(valuesTo(topic, ['small', value, 'small']))
    expect(await committedValues(driver, topic)).toEqual(['small', value, 'small'])
  })

  test('says that a topic is not there', async () => {
    const { driver } = await connected(bootstrap)
    const producer = driver.producer({})
    await expect(producer.send(valuesTo('nowhere', ['a']))).rejects.toMatchObject({
      kind: 'unknown-topic',
      message: "write nowhere-0: there is no topic 'nowhere'",
    })
  })

  test('sends nothing', async () => {
    const { driver } = await connected(bootstrap)
    const producer = driver.producer({})
    await producer.send([])
    await producer.commit()
    await producer.abort()
  })

  test('that is closed writes no more', async () => {
    const { driver } = await connected(bootstrap)
    const topic = await newTopic(driver)
    const producer = driver.producer({})
    const sending = producer.send(valuesTo(topic, ['a']))
    await producer.close()
    await expect(sending).rejects.toMatchObject({ kind: 'unavailable' })
    await expect(producer.send(valuesTo(topic, ['b']))).rejects.toMatchObject({ kind: 'unavailable' })
  })
})
