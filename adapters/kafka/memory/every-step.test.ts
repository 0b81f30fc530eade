// What happens once at each step that a cluster takes: nothing is lost or doubled by it.
import { describe, expect, it } from 'vitest'
import { type Circumstances, Copying } from './fixtures/copying.ts'

/** Lets two processes copy, and something happen to the first in front of a step. */
async function copyingWith(given: Circumstances, step: number, happen: (copying: Copying) => void): Promise<Copying> {
  const copying = new Copying(given)
  const { control } = copying.cluster
  control.at(step, () => happen(copying))
  copying.start('w0')
  copying.start('w1')
  copying.produce(4)
  await control.settled()
  return copying
}

const incidents: Record<string, (copying: Copying) => void> = {
  'a process dies and is there again at once': (copying) => {
    copying.happen({ kind: 'crash', after: 0, who: 0, what: 1 })
    copying.start('w0')
  },
  'a process sleeps for longer than its session': ({ cluster, clock }) => {
    cluster.control.suspend('w0')
    clock.advanceTo(clock.now() + 10_000)
  },
  'everything moves': ({ cluster }) => cluster.control.rebalance('copiers', { moves: true }),
  'a broker is away for too long': ({ cluster, clock }) => {
    cluster.control.down(1)
    clock.advanceTo(clock.now() + 30_000)
  },
}

describe.each(Object.entries(incidents))('%s', (_, happen) => {
  it.each(['classic', 'cooperative', 'consumer'] as const)(
    '%s',
    async (protocol) => {
      // Zombies are found out by their generation alone, which is the harder way.
      const given = { seed: 1, protocol, isStatic: false, fencesById: false }
      const { steps } = (await copyingWith(given, Infinity, () => {})).cluster.control
      expect(steps).toBeGreaterThan(50)
      const differing: number[] = []
      for (let step = 0; step < steps; step++) {
        const copying = await copyingWith(given, step, happen)
        await copying.recover()
        const { copied, expected } = copying.outcome
        if (JSON.stringify(copied) !== JSON.stringify(expected)) differing.push(step)
      }
      expect(differing).toEqual([])
    },
    60_000,
  )
})
