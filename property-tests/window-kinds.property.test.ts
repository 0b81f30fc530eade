// Laws of what windows come to, for windows of every kind and any trigger that leaves them open:
//
// 1. In whatever order events arrive, if the watermarks keep their promise: what stands at the end is what a batch computes that
//    takes time windows by their definition, splits sessions at gaps, and looks for the neighbours of each event.
// 2. With lateness enough, so it is whatever the watermarks are: they change when results leave, and nothing else.
// 3. Windows of time that share slices give what each would give for itself, element by element, late refinements too.
// 4. Count windows are the runs of the events of a key.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { collect } from '../lib/aggregates/collect.ts'
import { combine } from '../lib/aggregates/combine.ts'
import { countDistinct } from '../lib/aggregates/count-distinct.ts'
import { last } from '../lib/aggregates/last.ts'
import { max } from '../lib/aggregates/max.ts'
import { sum } from '../lib/aggregates/sum.ts'
import { countWindow } from '../lib/windows/count-window.ts'
import { window } from '../operators/window.ts'
import { batchPanes, inOrder } from './fixtures/batch-panes.ts'
import { grouped, type Paning, paned, panedAs, panings } from './fixtures/panings.ts'
import {
  assignOf,
  fixedWindows,
  mergingWindows,
  overlappingWindows,
  sessionWindows,
  slidingWindows,
  windowsOf,
} from './fixtures/windows-tree.ts'
import { runScript } from './fixtures/run-script.ts'
import { fewer } from './fixtures/runs.ts'
import { eventsOf, type Item, punctual, scripts, type Step } from './fixtures/script.ts'
import { standing } from './fixtures/standing.ts'
import { openTriggers } from './fixtures/trigger-tree.ts'
import type { PaneInfo } from '../lib/window.ts'

const retracting = { accumulations: ['retracting'], trigger: openTriggers() } as const
const forLong = { ...retracting, lateness: fc.constant(1_000) }

const kinds = [
  ['windows of time', fixedWindows],
  ['windows that merge', mergingWindows],
  ['sliding windows', slidingWindows],
] as const

// Those that merge when they touch depend on the order: an earlier one may be gone when the later one comes.
const independent = [kinds[0], ['sessions', sessionWindows], kinds[2]] as const

test.each(independent)('1: any order of arrival comes to what a batch computes: %s', async (_, windows) => {
  await fc.assert(
    fc.asyncProperty(panings({ ...retracting, windows }), scripts().map(punctual), comesToTheBatch),
    fewer,
  )
})

test.each(kinds)('2: watermarks change when results leave, and nothing else: %s', async (_, windows) => {
  await fc.assert(fc.asyncProperty(panings({ ...forLong, windows }), scripts(), comesToTheBatch), fewer)
})

async function comesToTheBatch(paning: Paning, steps: readonly Step[]): Promise<void> {
  const results = standing(await runScript(steps, paned(paning)))
  const comparable = results.map(({ key, pane, value }) => ({ key, window: pane.window, value }))
  expect(inOrder(comparable)).toEqual(batchPanes(eventsOf(steps), paning.windows))
}

const several = combine({
  names: collect((item: Item) => item.name),
  total: sum((item: Item) => item.gap),
  highest: max((item: Item) => item.gap),
  latest: last((item: Item) => item.name),
  different: countDistinct((item: Item) => item.gap),
})

test('3: windows that share slices give what each would give for itself', async () => {
  const made = panings({ windows: overlappingWindows, trigger: undefined, lateness: fc.constantFrom(0, 5, 20) })
  await fc.assert(
    fc.asyncProperty(made, scripts({ clock: false, maxLength: 60 }), async (paning, steps) => {
      const forItself = { name: 'naive', assign: assignOf(paning.windows) }
      const shared = await runScript(steps, panedAs(paning, windowsOf(paning.windows), several))
      const naive = await runScript(steps, panedAs(paning, forItself, several))
      for (const [i, { out, late }] of naive.entries()) {
        const got = shared[i]
        expect({ i, out: grouped(got?.out ?? [], paning), late: got?.late }).toEqual({
          i,
          out: grouped(out, paning),
          late,
        })
      }
    }),
    fewer,
  )
})

test('4: count windows are the runs of the events of a key', async () => {
  const sizes = fc.integer({ min: 1, max: 7 })
  await fc.assert(
    fc.asyncProperty(sizes, sizes, scripts({ clock: false, maxLength: 40 }), async (size, every, steps) => {
      const outcomes = await runScript<readonly number[], string, PaneInfo>(steps, (items) =>
        items.pipe(
          window(
            countWindow(size, every),
            collect(({ name }) => name),
          ),
        ),
      )
      for (const key of ['a', 'b']) {
        const ofKey = eventsOf(steps).filter(({ item }) => item.key === key)
        const results = standing(outcomes).filter((result) => result.key === key)
        const expected = Array.from({ length: Math.ceil(ofKey.length / every) }, (_, i) => {
          const end = (i + 1) * every
          const group = ofKey.slice(Math.max(0, end - size), end)
          const names = group.toSorted((a, b) => a.time - b.time).map(({ item }) => item.name)
          return { names, time: Math.max(...group.map(({ time }) => time)), isPartial: end > ofKey.length }
        })
        expect(
          results.map(({ value, time, pane }) => ({ names: value, time, isPartial: pane.isPartial === true })),
        ).toEqual(expected.filter(({ names }) => names.length > 0))
      }
    }),
    fewer,
  )
})
