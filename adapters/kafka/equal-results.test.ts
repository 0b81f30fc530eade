// Pipelines over partitions on a real broker give the same results as one job in memory over the same records.
import { expect, test } from 'vitest'
import { firstActions } from './fixtures/actions.ts'
import { needsBroker } from './fixtures/needs-broker.ts'
import { sharedBroker } from './fixtures/shared-broker.ts'
import { ShopCluster } from './fixtures/shop-cluster.ts'
import { shopJob } from './fixtures/shop-job.ts'
import { outcomesInMemory, windowsByHand } from './fixtures/shop-oracle.ts'
import { byTeam, byUser, pipelines, type Pipeline } from './fixtures/shop-pipelines.ts'

const names = Object.keys(pipelines) as Pipeline[]

needsBroker('windows, sessions and a join in two processes over 4 partitions', () => {
  test.each([
    { seed: 1, by: 'users' },
    { seed: 2, by: 'users' },
    { seed: 3, by: 'users' },
    { seed: 4, by: 'teams' },
    { seed: 5, by: 'teams' },
  ])('give the same results as in memory: seed $seed, by $by', async ({ seed, by }) => {
    const all = firstActions(2_000, seed)
    const isRepartitioned = by === 'teams'
    const prefix = `equal-${seed}-${Date.now()}`
    const connection = { brokers: [await sharedBroker()], onNotice: () => {} }
    const shop = await ShopCluster.open(prefix, connection)
    const job = { prefix, names, isRepartitioned }
    const processes = ['a', 'b'].map((clientId) => shopJob(job, { ...connection, clientId, commitEvery: '100ms' }))
    await shop.write(all)
    await shop.end()
    const expected = await outcomesInMemory(names, all, isRepartitioned ? byTeam : byUser)
    if (!isRepartitioned) {
      const windows = expected.filter((line) => line.startsWith('windows'))
      expect(windows).toEqual(windowsByHand(all, ({ user }) => user))
    }
    expect(await shop.outcomes(expected.length, 30_000)).toEqual(expected)
    await Promise.all(processes.map((process) => process.stop()))
    expect(await shop.outcomes(expected.length, 1_000)).toEqual(expected)
    await shop.close()
  })
})
