// A broker goes away in the middle of a job, and comes back.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { firstActions } from './fixtures/actions.ts'
import { type Broker, startBroker } from './fixtures/broker.ts'
import { needsOwnBroker } from './fixtures/needs-broker.ts'
import { ShopCluster } from './fixtures/shop-cluster.ts'
import { shopJob } from './fixtures/shop-job.ts'
import { outcomesInMemory } from './fixtures/shop-oracle.ts'
import { byTeam, type Pipeline } from './fixtures/shop-pipelines.ts'
import { until } from './fixtures/until.ts'

needsOwnBroker('a job whose broker goes away', () => {
  let broker: Broker

  beforeAll(async () => {
    broker = await startBroker()
  }, 60_000)

  afterAll(() => broker.stop())

  test.each([
    { what: 'stopped in order', goAway: () => broker.restart() },
    {
      what: 'killed',
      goAway: async () => {
        await broker.kill()
        await broker.restart()
      },
    },
  ])('waits, says so, and loses nothing: $what and started again', { timeout: 120_000 }, async ({ what, goAway }) => {
    const prefix = `outage-${what.split(' ')[0]}`
    const names: Pipeline[] = ['windows', 'join']
    const notices: string[] = []
    const connection = { brokers: [broker.bootstrap] }
    const shop = await ShopCluster.open(prefix, connection)
    const job = shopJob(
      { prefix, names, isRepartitioned: true },
      { ...connection, commitEvery: '100ms', onNotice: ({ message }) => void notices.push(message) },
    )
    const all = firstActions(2_000, 11)
    await shop.write(all.slice(0, 1_000))
    await shop.outcomes(100, 30_000)
    notices.length = 0
    const writing = (async () => {
      for (let at = 1_000; at < all.length; at += 100) await shop.write(all.slice(at, at + 100))
      await shop.end()
    })()
    await goAway()
    await writing
    const expected = await outcomesInMemory(names, all, byTeam)
    expect(await shop.outcomes(expected.length, 60_000)).toEqual(expected)
    await until(() => notices.length > 0)
    await job.stop()
    expect(await shop.outcomes(expected.length, 1_000)).toEqual(expected)
    await shop.close()
  })
})
