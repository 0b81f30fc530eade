// The pipelines of the other tests, whose results in memory are what those compare with.
import { describe, expect, test } from 'vitest'
import { realClock } from '../../lib/clock.ts'
import { firstActions } from './fixtures/actions.ts'
import { ShopCluster } from './fixtures/shop-cluster.ts'
import { shopJob } from './fixtures/shop-job.ts'
import { outcomesInMemory, windowsByHand } from './fixtures/shop-oracle.ts'
import { byTeam, byUser, pipelines, type Pipeline } from './fixtures/shop-pipelines.ts'
import { memoryCluster } from './memory/memory-cluster.ts'

const names = Object.keys(pipelines) as Pipeline[]

test('the oracle counts what windows count, and there is something in each pipeline', async () => {
  const all = firstActions(3_000, 1)
  const found = await outcomesInMemory(names, all, byUser)
  expect(found.filter((line) => line.startsWith('windows'))).toEqual(windowsByHand(all, ({ user }) => user))
  for (const name of names) expect(found.filter((line) => line.startsWith(name)).length).toBeGreaterThan(100)
  expect(new Set(found).size).toBe(found.length)
})

describe.each([1, 2, 3])('seed %i', (seed) => {
  test.each(['by users', 'by teams'])('two processes on a cluster in memory give the same, %s', async (by) => {
    const all = firstActions(1_000, seed)
    const cluster = memoryCluster({ clock: realClock, seed })
    const connection = { brokers: ['memory:1'], driver: cluster.driver }
    const shop = await ShopCluster.open('shop', connection)
    const job = { prefix: 'shop', names, isRepartitioned: by === 'by teams' }
    const processes = ['a', 'b'].map((clientId) => shopJob(job, { ...connection, clientId, commitEvery: '50ms' }))
    await shop.write(all)
    await shop.end()
    const expected = await outcomesInMemory(names, all, job.isRepartitioned ? byTeam : byUser)
    expect(await shop.outcomes(expected.length, 10_000)).toEqual(expected)
    await Promise.all(processes.map((process) => process.stop()))
    expect(await shop.outcomes(expected.length, 10_000)).toEqual(expected)
    await shop.close()
  })
})
