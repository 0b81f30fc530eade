// Laws of windows of any kind, with any trigger:
//
// 1. What leaves with each step of a script, element by element, is what a replay of the rules predicts; so are late events and
//    refused ones, and what is counted and kept.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { OperatorMetrics } from '../lib/metrics.ts'
import { grouped, paned, panings, queryOf } from './fixtures/panings.ts'
import { replayPanes } from './fixtures/replay-panes.ts'
import { type Outcome, runScript } from './fixtures/run-script.ts'
import { runs } from './fixtures/runs.ts'
import { scripts } from './fixtures/script.ts'

test('1: what leaves is what a replay of the rules predicts', async () => {
  await fc.assert(
    fc.asyncProperty(panings(), scripts(), async (paning, steps) => {
      const expected = replayPanes(steps, queryOf(paning))
      const outcomes = await runScript(steps, paned(paning))
      for (const [i, { out, late, closed, counts }] of expected.entries()) {
        const outcome = outcomes[i]
        if (outcome === undefined) throw new Error(`no outcome of step ${i}`)
        expect({ i, out: grouped(outcome.out), late: outcome.late, closed: outcome.closed }).toEqual({
          i,
          out: grouped(out),
          late,
          closed,
        })
        const { entries, ...exact } = counts
        const window = windowOf(outcome)
        expect({ i, ...window }).toMatchObject(exact)
        // Windows that share slices have fewer of them.
        if (window.about === undefined) expect({ i, entries: window.entries }).toEqual({ i, entries })
        else expect(window.entries === 0).toBe(entries === 0)
      }
    }),
    runs,
  )
})

function windowOf({ metrics }: Outcome<unknown, unknown, unknown>): OperatorMetrics {
  const found = metrics.operators.find(({ name }) => name === 'window')
  if (found === undefined) throw new Error('no window')
  return found
}
