import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { certificate } from '../../socket/fixtures/certificate.ts'
import type { SaslOptions } from '../connection-options.ts'
import { type Broker, startBroker } from '../fixtures/broker.ts'
import { needsOwnBroker } from '../fixtures/needs-broker.ts'
import { secured } from '../fixtures/secured.ts'
import { Cluster } from './cluster.ts'
import { committedValues, connected, newTopic, valuesTo } from './fixtures/connected.ts'
import { loadClient } from './load-client.ts'

needsOwnBroker('a broker that knows its users', () => {
  let broker: Broker
  let ca = ''
  beforeAll(async () => {
    const made = certificate()
    ca = made.cert
    broker = await startBroker(secured({ alice: 'of-alice', bob: 'of-bob' }, made))
  }, 60_000)
  afterAll(() => broker.stop())

  const addressOf = (listener: string): string => String(broker.addresses[listener])
  const alice: SaslOptions = { mechanism: 'PLAIN', username: 'alice', password: 'of-alice' }

  /** Allows alice everything with things of a kind and a name. */
  async function allow(kind: 'topic' | 'transactional id', name: string): Promise<void> {
    const cluster = new Cluster(await loadClient(), { brokers: [broker.bootstrap] }, () => {})
    onTestFinished(() => cluster.close())
    const { AclOperations, AclPermissionTypes, ResourcePatternTypes, ResourceTypes } = cluster.client
    const acl = {
      principal: 'User:alice',
      host: '*',
      operation: AclOperations.ALL,
      permissionType: AclPermissionTypes.ALLOW,
      resourceType: kind === 'topic' ? ResourceTypes.TOPIC : ResourceTypes.TRANSACTIONAL_ID,
      resourceName: name,
      resourcePatternType: ResourcePatternTypes.LITERAL,
    }
    await cluster.call({ node: 'any' }, [cluster.client.createAclsV3.api], [acl])
  }

  describe.each(['SASL', 'SASL_TLS'])('on %s', (listener) => {
    const tls = (): object => (listener === 'SASL_TLS' ? { tls: { ca } } : {})

    test.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const)('lets in by %s', async (mechanism) => {
      const { driver: anybody } = await connected(broker.bootstrap)
      const topic = await newTopic(anybody)
      await allow('topic', topic)
      const { driver } = await connected(addressOf(listener), { ...tls(), sasl: { ...alice, mechanism } })
      await driver.producer({}).send(valuesTo(topic, ['a']))
      expect(await committedValues(driver, topic)).toEqual(['a'])
    })

    test.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const)('keeps out by %s', async (mechanism) => {
      const sasl = { ...alice, mechanism, password: 'of-bob' }
      const { driver, troubles } = await connected(addressOf(listener), { ...tls(), sasl })
      await expect(driver.partitionCounts(['any'])).rejects.toMatchObject({
        kind: 'refused',
        message: expect.stringContaining('uthentication failed') as string,
      })
      expect(troubles).toEqual([])
    })
  })

  test('lets in by TLS alone', async () => {
    const { driver } = await connected(addressOf('TLS'), { tls: { ca } })
    const topic = await newTopic(driver)
    expect(await driver.partitionCounts([topic])).toEqual(new Map([[topic, 1]]))
  })

  test.each([
    ['with a certificate that nobody has signed', 'TLS', { tls: true }, /self[- ]signed/],
    ['without TLS where it speaks nothing else', 'TLS', {}, /requires TLS/],
    ['with SASL where it wants none', 'PLAINTEXT', { sasl: alice }, /SASL/],
    ['by a mechanism that it does not have', 'SASL', { sasl: { mechanism: 'OAUTHBEARER', token: 'x' } }, /SASL/],
  ] as const)('is refused %s', async (_title, listener, options, message) => {
    const { driver } = await connected(addressOf(listener), options)
    await expect(driver.partitionCounts(['any'])).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(message) as string,
    })
  })

  test('refuses a user whatever is not allowed, and says what', async () => {
    const { driver: anybody } = await connected(broker.bootstrap)
    const [topic, mine] = [await newTopic(anybody), await newTopic(anybody)]
    await allow('topic', mine)
    const { driver, troubles } = await connected(addressOf('SASL'), { sasl: alice })
    const partition = { topic, partition: 0 }
    const feed = driver.feed(partition, 0)
    const transactional = driver.producer({ transactionalId: 'not-mine' })
    const attempts = {
      topics: driver.partitionCounts([topic]),
      'create topic new': driver.createTopics([{ topic: 'new', partitions: 1 }]),
      [`fetch ${topic}-0 at 0`]: Promise.resolve(feed.read()),
      [`write ${topic}-0`]: driver.producer({}).send(valuesTo(topic, ['a'])),
      offsets: driver.offsets([partition], 'latest'),
      'committed offsets of not-mine': driver.committed('not-mine', [partition]),
      'commit of not-mine': driver.commitOffsets({ groupId: 'not-mine' }, [{ topic: mine, partition: 0, offset: 1 }]),
      'members of not-mine': driver.holders('not-mine'),
      'open producer not-mine': transactional.open(),
    }
    const results = await Promise.allSettled(Object.values<Promise<unknown>>(attempts))
    for (const [index, what] of Object.keys(attempts).entries())
      expect(results[index]).toMatchObject({
        reason: {
          kind: 'refused',
          message: expect.stringMatching(`^${what}: .*(AUTHORIZATION_FAILED|not allowed)`) as string,
        },
      })
    expect(troubles.filter(({ attempts: count }) => count > 5)).toEqual([])
  })

  test('refuses a transaction one topic of two', async () => {
    const { driver: anybody } = await connected(broker.bootstrap)
    const [topic, mine] = [await newTopic(anybody), await newTopic(anybody)]
    await allow('topic', mine)
    await allow('transactional id', mine)
    const { driver } = await connected(addressOf('SASL'), { sasl: alice })
    const producer = driver.producer({ transactionalId: mine })
    await producer.open()
    await producer.send(valuesTo(mine, ['a']))
    const both = [...valuesTo(mine, ['b']), ...valuesTo(topic, ['b'])]
    await expect(producer.send(both)).rejects.toMatchObject({ kind: 'refused' })
    await expect(producer.commit()).rejects.toMatchObject({ kind: 'refused' })
    await producer.abort()
    await producer.send(valuesTo(mine, ['c']))
    await producer.commit()
    expect(await committedValues(driver, mine)).toEqual(['c'])
  })
})
