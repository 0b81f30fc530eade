// A broker goes away in the middle of a job, and comes back.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { firstActions } from './fixtures/actions.ts'
import { type Broker, startBroker } from './fixtures/broker.ts'
import { needsOwnBroker } from './fixtures/needs-broker.ts'
import { ShopCluster } from './fixtures/shop-cluster.ts'
import { shopJob } from './fixtures/shop-job.ts'
import { outcomesInMemory } from './fixtures/shop-oracle.ts'
import { byTeam, type Pipeline } from './fixtures/shop-pipelines.ts'

needsOwnBroker('a job whose broker goes away', () => {
  let broker: Broker

  beforeAll(async () => {
    broker = await startBroker()
  }, 60_000)

  afterAll(() => broker.stop())

  test(
    'waits, says so, goes on, and loses nothing, whether the broker is stopped or killed',
    { timeout: 120_000 },
    async () => {
      const prefix = 'outage'
      const names: Pipeline[] = ['windows', 'join']
      let notices: string[] = []
      const connection = { brokers: [broker.bootstrap] }
      const shop = await ShopCluster.open(prefix, connection)
      const job = shopJob(
        { prefix, names, isRepartitioned: true },
        {
          ...connection,
          commitEvery: '100ms',
          onNotice: ({ message }) => void notices.push(message),
          onEvent: (event) =>
            void notices.push(`${event.kind} ${event.partition} ${String('error' in event ? event.error : '')}`),
        },
      )
      const all = firstActions(3_000, 11)
      const written = async (from: number): Promise<void> => {
        for (let at = from; at < from + 1_000; at += 100) await shop.write(all.slice(at, at + 100))
      }
      await written(0)
      await shop.outcomes(100, 30_000)
      for (const [from, end] of [
        [1_000, () => Promise.resolve()],
        [2_000, () => broker.kill()],
      ] as const) {
        notices = []
        const writing = written(from)
        await end()
        await broker.restart()
        await writing
        expect(notices).not.toEqual([])
      }
      await shop.end()
      const expected = await outcomesInMemory(names, all, byTeam)
      const found = await shop.outcomes(expected.length, 60_000)
      // What it was about, when not all is there.
      if (found.length !== expected.length)
        console.error(notices.slice(-30), JSON.stringify(job.metrics(), undefined, 1), await shop.progress())
      expect(found).toEqual(expected)
      await job.stop()
      expect(await shop.outcomes(expected.length, 1_000)).toEqual(expected)
      await shop.close()
    },
  )
})
