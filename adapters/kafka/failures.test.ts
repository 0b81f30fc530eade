// What does not go away by itself: a dead letter, or an error that says what is wrong. Nothing is tried without end in silence.
import { Admin } from '@platformatic/kafka'
import type { Observable } from 'rxjs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { route, type Route, sideOutput, type SideOutput } from '../../index.ts'
import type { KafkaDeadLetter } from './decoded.ts'
import type { KafkaDriver } from './driver.ts'
import { committedIn, partitionsOf } from './fixtures/committed-in.ts'
import { needsBroker } from './fixtures/needs-broker.ts'
import { sharedBroker } from './fixtures/shared-broker.ts'
import { until } from './fixtures/until.ts'
import { type KafkaJob, kafkaJob, type KafkaJobOptions } from './kafka-job.ts'
import type { KafkaRecord } from './kafka-record.ts'
import { openDriver } from './open-driver.ts'
import type { StandardSchema } from './standard-schema.ts'
import { toKafka } from './to-kafka.ts'
import { topic, type Topic } from './topic.ts'

type Refused = SideOutput<KafkaDeadLetter>

needsBroker('a job', () => {
  let brokers: readonly string[]
  let prefix: string
  let driver: KafkaDriver
  let notices: string[]

  beforeEach(async () => {
    brokers = [await sharedBroker()]
    prefix = `failures-${Date.now()}`
    driver = await openDriver('test', { brokers }, () => {})
    notices = []
    await driver.createTopics(['in', 'out', 'dead'].map((name) => ({ topic: named(name), partitions: 1 })))
  }, 60_000)

  afterEach(() => driver.close())

  const named = (name: string): string => `${prefix}-${name}`

  async function write(...values: readonly (string | Buffer)[]): Promise<void> {
    const producer = driver.producer({})
    await producer.open()
    const at = { topic: named('in'), partition: 0, key: undefined }
    await producer.send(values.map((value) => ({ ...at, value: Buffer.from(value) })))
    await producer.close()
  }

  async function committed(name: string): Promise<string[]> {
    const records = await committedIn(driver, partitionsOf(named(name), 1))
    return records.map(({ value }) => String(value))
  }

  function start<T>(
    source: Topic<T>,
    pipeline: (values: Observable<T>) => readonly Route[],
    options: Partial<KafkaJobOptions<Topic<T>, T>> = {},
  ): KafkaJob {
    return kafkaJob({
      brokers,
      groupId: prefix,
      source,
      pipeline,
      commitEvery: '50ms',
      onNotice: ({ message }) => void notices.push(message),
      ...options,
    })
  }

  const person: StandardSchema<{ name: string }> = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value) =>
        typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string'
          ? { value: { name: value.name } }
          : { issues: [{ message: 'expected a name' }] },
    },
  }

  /** What many programs write: a byte 0, the number of a schema, and the value. */
  function bySchema({ value }: KafkaRecord): string {
    if (value?.[0] !== 0) throw new Error('expected a number of a schema')
    const schema = value.readUInt32BE(1)
    if (schema !== 7) throw new Error(`unknown schema ${schema}`)
    return value.toString('utf8', 5)
  }

  const ofSchema = (number: number, text: string): Buffer =>
    Buffer.concat([Buffer.from([0, 0, 0, 0, number]), Buffer.from(text)])

  test.each([
    {
      what: 'a poison record',
      values: ['{"n":1}', '{"n":', '{"n":2}'],
      source: (refused: Refused) =>
        topic(named('in'), { decode: ({ value }) => JSON.parse(String(value)) as unknown, refused }),
      out: '{"n":2}',
      reason: /JSON/,
    },
    {
      what: 'a record that its schema refuses',
      values: ['{"name":"ada"}', '{"nam":"bob"}', '{"name":"eve"}'],
      source: (refused: Refused) => topic(named('in'), { decode: person, refused }),
      out: '"name":"eve"',
      reason: /expected a name/,
    },
    {
      what: 'a record of an unknown schema',
      values: [ofSchema(7, 'one'), ofSchema(8, 'two'), ofSchema(7, 'three')],
      source: (refused: Refused) => topic(named('in'), { decode: bySchema, refused }),
      out: 'three',
      reason: /unknown schema 8/,
    },
  ])('$what becomes a dead letter, is counted, and holds nobody up', async ({ values, source, out, reason }) => {
    const refused = sideOutput<KafkaDeadLetter>('refused')
    const job = start(source(refused), (read) => [
      route(read, toKafka({ topic: named('out') })),
      route(
        refused,
        toKafka<KafkaDeadLetter>({
          topic: named('dead'),
          value: ({ source: from, offset, reason: why }) => `${from} ${offset} ${why}`,
        }),
      ),
    ])
    await write(...values)
    await until(async () => (await committed('out')).some((value) => value.includes(out)))
    expect(await committed('out')).toHaveLength(2)
    const letters = await committed('dead')
    expect(letters).toEqual([expect.stringMatching(reason)])
    expect(letters[0]).toMatch(`${named('in')}-0 1 `)
    const [decode] = job.metrics().tasks[0]?.job?.operators.filter(({ name }) => name === 'decode') ?? []
    expect(decode).toMatchObject({ in: 3, refused: 1 })
    await job.stop()
  })

  test('a record of 1 MB is read and written; one that brokers do not take is an error that says so', async () => {
    const large = 'x'.repeat(1_000_000)
    const text = topic(named('in'), { decode: ({ value }) => String(value) })
    const job = start(text, (read) => [route(read, toKafka<string>({ topic: named('out'), value: (value) => value }))])
    await write(large)
    await until(async () => (await committed('out')).length > 0)
    expect((await committed('out'))[0] === large).toBe(true)
    await job.stop()
    const twice = start(text, (read) => [
      route(read, toKafka<string>({ topic: named('out'), value: (value) => value + value })),
    ])
    await write(large)
    await expect(twice.done).rejects.toMatchObject({
      code: 'output',
      message: expect.stringContaining(named('out')) as string,
    })
    expect(await committed('out')).toHaveLength(1)
  })

  test('topics that are not there are errors by name', async () => {
    const missing = start(topic(named('nowhere')), (read) => [route(read, toKafka<unknown>({ topic: named('out') }))])
    await expect(missing.done).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining(named('nowhere')) as string,
    })
    const unwritten = start(topic(named('in')), (read) => [route(read, toKafka<unknown>({ topic: named('nowhere') }))])
    await expect(unwritten.done).rejects.toMatchObject({
      code: 'output',
      message: expect.stringContaining(named('nowhere')) as string,
    })
  })

  test('a topic that is deleted while it is read is an error', async () => {
    const job = start(topic(named('in')), (read) => [
      route(read, toKafka<unknown>({ topic: named('out'), value: () => 'x' })),
    ])
    await write('1')
    await until(async () => (await committed('out')).length > 0)
    const admin = new Admin({ clientId: 'test', bootstrapBrokers: [...brokers] })
    await admin.deleteTopics({ topics: [named('in')] })
    await admin.close()
    await expect(job.done).rejects.toMatchObject({ message: expect.stringContaining(named('in')) as string })
  })

  test('an offset behind which nothing is any more, or not yet, is an error that says where', async () => {
    await write('1', '2')
    await driver.commitOffsets({ groupId: prefix }, [{ topic: named('in'), partition: 0, offset: 1_000 }])
    const job = start(topic(named('in')), (read) => [route(read, toKafka<unknown>({ topic: named('out') }))])
    await expect(job.done).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining(`${named('in')}-0 at 1000`) as string,
    })
  })

  test('a pipeline that throws ends the job, and commits nothing of it', async () => {
    const job = start(topic(named('in')), (read) => [
      route(
        read,
        toKafka<unknown>({
          topic: named('out'),
          value: () => {
            throw new Error('no such value')
          },
        }),
      ),
    ])
    await write('1')
    await expect(job.done).rejects.toMatchObject({
      code: 'callback',
      message: expect.stringContaining('no such value') as string,
    })
    expect(await driver.committed(prefix, partitionsOf(named('in'), 1))).toEqual([])
  })
})
