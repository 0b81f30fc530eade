// A process of a job dies in front of each step of the cluster, sleeps past its session, gives everything up, or loses an answer: what is committed
// in the end is what one job in memory makes of the same records. TIDEMARK_KAFKA_STRIDE=1 tries each step; unless given, one of twenty.
import { describe, expect, test } from 'vitest'
import { type Circumstances, Trial } from './fixtures/trial.ts'
import type { Note } from './fixtures/trial-pipelines.ts'

const notes = (from: number): Note[] =>
  Array.from({ length: 12 }, (_, i) => ({
    id: from + i,
    key: `k${(i * 7) % 4}`,
    other: `k${(i * 5) % 3}`,
    time: 3 * i + ((i * 11) % 10),
  }))
// oxlint-disable-next-line node/no-process-env -- a longer run is asked for from outside
const stride = Number(process.env['TIDEMARK_KAFKA_STRIDE'] ?? 20)
/** Other steps each time. */
let first = 0

const records = [notes(0), notes(100)] as const

const incidents: Readonly<Record<string, (trial: Trial) => void>> = {
  'it dies': (trial) => trial.crash('w0'),
  'it sleeps past its session': ({ cluster, clock }) => {
    cluster.control.suspend('w0')
    for (let i = 0; i < 4; i++) clock.advanceTo(clock.now() + 3_000)
  },
  'everything moves': ({ cluster }) => cluster.control.rebalance('job', { moves: true }),
  'an answer is lost': ({ cluster }) => cluster.control.fail({ operation: 'commit', effect: 'answer-lost' }),
}

/** @param step in front of which it happens */
async function trialWith(given: Circumstances, step: number, happen: (trial: Trial) => void): Promise<Trial> {
  const trial = new Trial(given, records)
  trial.start('w0')
  trial.start('w1')
  trial.produce(8)
  trial.cluster.control.at(step, () => happen(trial))
  for (let i = 0; i < 3; i++) {
    await trial.cluster.control.settled()
    trial.clock.advanceTo(trial.clock.now() + 1_100)
  }
  await trial.cluster.control.settled()
  return trial
}

describe.each(Object.entries(incidents))('%s', (_, happen) => {
  test.each([
    ['windows', 'classic'],
    ['state', 'cooperative'],
    ['windows of other keys', 'consumer'],
  ] as const)('%s, %s', async (pipeline, protocol) => {
    const given: Circumstances = { seed: 1, pipeline, protocol, guarantee: 'exactly-once', isStatic: false }
    const quiet = await trialWith(given, Infinity, () => {})
    const { steps } = quiet.cluster.control
    await quiet.end()
    expect(steps).toBeGreaterThan(60)
    const differing: number[] = []
    for (let step = first++ % stride; step < steps; step += stride) {
      const trial = await trialWith(given, step, happen)
      await trial.recover()
      if (JSON.stringify(trial.written()) !== JSON.stringify(await trial.expected())) differing.push(step)
      await trial.end()
    }
    expect(differing).toEqual([])
  })
})
