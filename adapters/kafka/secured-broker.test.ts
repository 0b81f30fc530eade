import { Admin, type ConnectionOptions } from '@platformatic/kafka'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { certificate } from '../socket/fixtures/certificate.ts'
import { type Broker, startBroker } from './fixtures/broker.ts'
import { needsOwnBroker } from './fixtures/needs-broker.ts'
import { secured } from './fixtures/secured.ts'
import { kafkaJob } from './kafka-job.ts'
import { toKafka } from './to-kafka.ts'
import { topic } from './topic.ts'

needsOwnBroker('a broker that knows its users', () => {
  let broker: Broker
  let ca: string

  beforeAll(async () => {
    const made = certificate()
    ca = made.cert
    broker = await startBroker(secured({ alice: 'of-alice', bob: 'of-bob' }, made))
  })

  afterAll(() => broker.stop())

  const connected = (listener: string, sasl?: ConnectionOptions['sasl']): Admin =>
    new Admin({
      clientId: 'test',
      bootstrapBrokers: [String(broker.addresses[listener])],
      retries: 0,
      ...(listener.endsWith('TLS') && { tls: { ca } }),
      ...(sasl && { sasl }),
    })

  const ways = ['SASL', 'SASL_TLS'].flatMap((listener) =>
    (['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const).map((mechanism) => ({ listener, mechanism })),
  )

  test.each(ways)('lets a user in on $listener by $mechanism, to do nothing', async ({ listener, mechanism }) => {
    const bob = connected(listener, { mechanism, username: 'bob', password: 'of-bob' })
    expect(await bob.listTopics()).toEqual([])
    const refusal: unknown = await bob.createTopics({ topics: ['mine'] }).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ errors: [{ errors: [{ apiId: 'TOPIC_AUTHORIZATION_FAILED' }] }] })
    await bob.close()
  })

  test.each(ways)(
    "lets nobody in on $listener by $mechanism with another's password",
    async ({ listener, mechanism }) => {
      const stranger = connected(listener, { mechanism, username: 'bob', password: 'of-alice' })
      await expect(stranger.listTopics()).rejects.toThrow()
      await stranger.close()
    },
  )

  test.each(['PLAINTEXT', 'TLS'])('lets everybody do everything on %s', async (listener) => {
    const anybody = connected(listener)
    const [topic] = await anybody.createTopics({ topics: [`by-${listener}`] })
    expect(topic?.name).toBe(`by-${listener}`)
    await anybody.deleteTopics({ topics: [`by-${listener}`] })
    await anybody.close()
  })

  describe('a kafkaJob', () => {
    const refusal = async (user: string, password: string): Promise<unknown> =>
      await kafkaJob({
        brokers: [String(broker.addresses['SASL'])],
        sasl: { mechanism: 'SCRAM-SHA-256', username: user, password },
        groupId: `of-${user}`,
        source: topic('by-nobody'),
        pipeline: (records) => records,
        sink: toKafka({ topic: 'by-nobody' }),
      }).done.catch((error: unknown) => error)

    test('of a user that may do nothing ends with an error that says what is refused', async () => {
      const admin = connected('PLAINTEXT')
      await admin.createTopics({ topics: ['by-nobody'] })
      await admin.close()
      const error = await refusal('bob', 'of-bob')
      expect(error).toMatchObject({ code: 'input', cause: { kind: 'refused' } })
      expect(String(error)).toMatch(/not allowed to see topic .by-nobody/)
    })

    test('of a stranger ends with an error that says so', async () => {
      const error = await refusal('bob', 'of-alice')
      expect(error).toMatchObject({ code: 'input', cause: { kind: 'refused' } })
      expect(String(error)).toMatch(/[Aa]uthentication/)
    })
  })
})
