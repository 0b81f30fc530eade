// Processes of one group are killed, ended, suspended past their session and woken, and started, while records are written: the results
// that have been committed are those of one job in memory, none lost and none doubled. TIDEMARK_KAFKA_CHAOS says for how many seconds
// with each protocol, and has Kafka's own client read the results too; TIDEMARK_KAFKA_SEED makes the same things happen, if not at the
// same moments.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Action, actions, random } from './fixtures/actions.ts'
import { type Broker, startBroker } from './fixtures/broker.ts'
import { Chaos } from './fixtures/chaos.ts'
import { committedByKafka } from './fixtures/committed-by-kafka.ts'
import { needsOwnBroker } from './fixtures/needs-broker.ts'
import { ShopCluster } from './fixtures/shop-cluster.ts'
import { topicOf } from './fixtures/shop-job.ts'
import { lineOf, outcomesInMemory } from './fixtures/shop-oracle.ts'
import { byTeam, byUser, type Outcome, pipelines, type Pipeline } from './fixtures/shop-pipelines.ts'

const seconds = Number(process.env['TIDEMARK_KAFKA_CHAOS'] ?? 4)
const isLong = process.env['TIDEMARK_KAFKA_CHAOS'] !== undefined
const names = Object.keys(pipelines) as Pipeline[]
const sessionTimeout = 1_500

needsOwnBroker('processes to which bad things happen', () => {
  let broker: Broker
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-chaos-'))

  beforeAll(async () => {
    broker = await startBroker({
      properties: {
        'group.consumer.session.timeout.ms': sessionTimeout,
        'group.consumer.heartbeat.interval.ms': 200,
      },
    })
  }, 60_000)

  afterAll(async () => {
    await broker.stop()
    rmSync(folder, { recursive: true })
  })

  const all = (['classic', 'cooperative', 'consumer'] as const).flatMap((protocol) => [
    { protocol, isRepartitioned: false, by: 'users', hasCopies: protocol === 'consumer' },
    { protocol, isRepartitioned: true, by: 'teams', hasCopies: protocol !== 'consumer' },
  ])
  // Who does not ask for more sees each protocol once.
  const cases = all.filter(({ isRepartitioned, protocol }) => isLong || isRepartitioned === (protocol !== 'classic'))

  test.each(cases)(
    'give each result once: $protocol, by $by',
    { timeout: 180_000 + seconds * 3_000 },
    async ({ protocol, isRepartitioned, by, hasCopies }) => {
      const seed = Number(process.env['TIDEMARK_KAFKA_SEED'] ?? Math.floor(Math.random() * 1e6))
      const below = random(seed)
      const prefix = `chaos-${protocol}-${by}`
      const connection = { brokers: [broker.bootstrap] }
      const shop = await ShopCluster.open(prefix, connection)
      const chaos = new Chaos({
        settings: {
          ...connection,
          clientId: prefix,
          protocol,
          sessionTimeout,
          rebalanceTimeout: '5s',
          commitEvery: '300ms',
          job: { prefix, names, isRepartitioned },
        },
        copies: hasCopies ? join(folder, prefix) : undefined,
        processes: 3,
        sessionTimeout,
        below,
      })
      const written = writing(shop, seed)
      try {
        await chaos.begun()
        for (const until = Date.now() + seconds * 1_000; Date.now() < until && chaos.failure === undefined;) {
          await setTimeout(300 + below(1_500))
          await chaos.happen()
        }
        const all = await written.end()
        await chaos.settle()
        const expected = await outcomesInMemory(names, all, isRepartitioned ? byTeam : byUser)
        expect(chaos.failure).toBeUndefined()
        await shop.outcomes(expected.length, 90_000)
        await chaos.stop()
        expect(await shop.outcomes(expected.length, 1_000)).toEqual(expected)
        expect(chaos.failure).toBeUndefined()
        if (isLong) {
          const values = await committedByKafka(broker.bootstrap, topicOf(prefix, 'outcomes'))
          expect(values.map((value) => lineOf(JSON.parse(value) as Outcome)).toSorted()).toEqual(expected)
        }
        console.info(`seed ${seed}: ${all.length} actions, ${expected.length} results; ${chaos.summary}`)
      } catch (error) {
        console.error(`seed ${seed}\n${chaos.log.join('\n')}`)
        throw error
      } finally {
        await written.end()
        await chaos.stop()
        await shop.close()
      }
    },
  )
})

/** Goes on to write actions until it is ended. */
function writing(shop: ShopCluster, seed: number): { end(): Promise<readonly Action[]> } {
  const source = actions(seed)
  const all: Action[] = []
  let isOver = false
  const done = (async () => {
    while (!isOver) {
      const some = Array.from({ length: 20 }, () => source.next().value)
      all.push(...some)
      await shop.write(some)
      await setTimeout(50)
    }
    await shop.end()
  })()
  return {
    async end() {
      isOver = true
      await done
      return all
    },
  }
}
