// What has to hold on a real broker before anybody may say that results count once.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { KafkaDriver, Producer } from './driver.ts'
import { type Action, firstActions } from './fixtures/actions.ts'
import { committedIn, partitionsOf } from './fixtures/committed-in.ts'
import { needsBroker } from './fixtures/needs-broker.ts'
import { sharedBroker } from './fixtures/shared-broker.ts'
import { ShopCluster } from './fixtures/shop-cluster.ts'
import { shopJob } from './fixtures/shop-job.ts'
import { outcomesInMemory } from './fixtures/shop-oracle.ts'
import { byUser } from './fixtures/shop-pipelines.ts'
import { ShopProcess } from './fixtures/shop-process.ts'
import { until } from './fixtures/until.ts'

needsBroker('exactly once', () => {
  let brokers: readonly string[]
  /** Of topics, groups and transactions of one test. */
  let prefix: string
  let shop: ShopCluster
  const all: readonly Action[] = firstActions(1_000, 7)

  beforeEach(async () => {
    brokers = [await sharedBroker()]
    prefix = `once-${Date.now()}`
    shop = await ShopCluster.open(prefix, { brokers })
  }, 60_000)

  afterEach(() => shop.close())

  const settings = (clientId: string): Parameters<typeof shopJob>[1] => ({ brokers, clientId, onNotice: () => {} })
  const job = (): Parameters<typeof shopJob>[0] => ({ prefix, names: ['windows', 'join'], isRepartitioned: false })
  const expected = (): Promise<readonly string[]> => outcomesInMemory(['windows', 'join'], all, byUser)

  describe('a producer that starts again under its id', () => {
    const results = (): string => `${prefix}-outcomes`
    const written = async (driver: KafkaDriver): Promise<string[]> =>
      (await committedIn(driver, partitionsOf(results(), 1))).map(({ value }) => String(value))
    const send = (producer: Producer, value: string): Promise<void> =>
      producer.send([{ topic: results(), partition: 0, key: undefined, value: Buffer.from(value) }])

    test('goes on, also if its producer id is not 0, and what it had left open is not seen', async () => {
      const { driver } = shop
      // The first id that a broker gives is 0; whoever asks with 0 in place of none would get on with it, and with it alone.
      await driver.producer({ transactionalId: `${prefix}-other` }).open()
      for (const [run, last] of ['1', '2', '3'].entries()) {
        const producer = driver.producer({ transactionalId: prefix })
        await producer.open()
        await send(producer, `committed ${last}`)
        await producer.commit()
        if (run < 2) await send(producer, `open ${last}`)
        await producer.close()
      }
      expect(await written(driver)).toEqual(['committed 1', 'committed 2', 'committed 3'])
    })

    test('fences off the one before it', async () => {
      const { driver } = shop
      const zombie = driver.producer({ transactionalId: prefix })
      await zombie.open()
      await send(zombie, 'of the zombie')
      const producer = driver.producer({ transactionalId: prefix })
      await producer.open()
      await expect(zombie.commit()).rejects.toMatchObject({ kind: 'fenced' })
      await send(producer, 'of its successor')
      await producer.commit()
      await expect(send(zombie, 'of the zombie again').then(() => zombie.commit())).rejects.toMatchObject({
        kind: 'fenced',
      })
      expect(await written(driver)).toEqual(['of its successor'])
    })
  })

  test('a zombie is fenced: a process that was suspended past its session writes nothing any more, and joins again', async () => {
    const zombie = new ShopProcess({
      brokers,
      clientId: 'zombie',
      job: job(),
      protocol: 'cooperative',
      commitEvery: '10m',
      sessionTimeout: '1s',
    })
    await shop.write(all)
    await shop.openTransactions(4)
    await zombie.signal('SIGSTOP')
    const other = shopJob(job(), {
      ...settings('other'),
      protocol: 'cooperative',
      commitEvery: '100ms',
      sessionTimeout: '1s',
    })
    await shop.end()
    const whole = await expected()
    expect(await shop.outcomes(whole.length, 30_000)).toEqual(whole)
    await zombie.signal('SIGCONT')
    await until(() => zombie.said.filter((line) => line.startsWith('assigned')).length > 4)
    expect(zombie.said.filter((line) => line.startsWith('lost')).length).toBe(4)
    await Promise.all([zombie.stop(), other.stop()])
    expect(await shop.outcomes(whole.length, 1_000)).toEqual(whole)
  })

  test.each(['classic', 'cooperative', 'consumer'] as const)(
    'a rebalance inside an open transaction commits it or takes it back: %s',
    async (protocol) => {
      // It commits when it gives something up, and at no other time.
      const first = shopJob(job(), { ...settings('first'), protocol, commitEvery: '10m' })
      await shop.write(all)
      await shop.openTransactions(4)
      const second = shopJob(job(), { ...settings('second'), protocol, commitEvery: '100ms' })
      await until(() => [first, second].every((each) => each.metrics().tasks.length === 2))
      await shop.end()
      await first.stop()
      const whole = await expected()
      expect(await shop.outcomes(whole.length, 30_000)).toEqual(whole)
      await second.stop()
      expect(await shop.outcomes(whole.length, 1_000)).toEqual(whole)
    },
  )

  test('a crash between sending and committing: the results are sent once more, and seen once', async () => {
    const crashing = new ShopProcess({
      brokers,
      clientId: 'crashing',
      job: job(),
      commitEvery: '10m',
      sessionTimeout: '1s',
    })
    await shop.write(all)
    await shop.openTransactions(4)
    await crashing.signal('SIGKILL')
    await crashing.ended
    expect(await shop.outcomes(1, 0)).toEqual([])
    const next = shopJob(job(), { ...settings('next'), commitEvery: '100ms', sessionTimeout: '1s' })
    await shop.end()
    const whole = await expected()
    expect(await shop.outcomes(whole.length, 30_000)).toEqual(whole)
    await next.stop()
    expect(await shop.outcomes(whole.length, 1_000)).toEqual(whole)
  })

  test.each(['classic', 'cooperative', 'consumer'] as const)(
    'two members share the work and each result counts once: %s',
    async (protocol) => {
      const processes = ['a', 'b'].map((name) => shopJob(job(), { ...settings(name), protocol, commitEvery: '100ms' }))
      await until(() => processes.every((each) => each.metrics().tasks.length === 2))
      await shop.write(all)
      await shop.end()
      const whole = await expected()
      expect(await shop.outcomes(whole.length, 30_000)).toEqual(whole)
      await Promise.all(processes.map((each) => each.stop()))
      expect(await shop.outcomes(whole.length, 1_000)).toEqual(whole)
    },
  )
})
