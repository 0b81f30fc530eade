// Laws of windows of every kind with any trigger, whatever it does and whenever it does it:
//
// 1. Events and watermarks that are shifted by a multiple of all hops and intervals give the same, shifted alike.
// 2. What leaves for a key is the same without the events of other keys.
// 3. Batch sizes and slow sinks change nothing, also when the clock makes many panes leave at once, and no more waits for a sink
//    than a batch and what one pane or event gives. Nor do chunk sizes and slow sources, as long as the clock stands.
// 4. The moments that a trigger declares are true: it does not fire before the first, and does not close a window before the
//    second.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Diff, Element } from '../lib/element.ts'
import type { PaneInfo } from '../lib/window.ts'
import { paned, panings } from './fixtures/panings.ts'
import { anyWindows } from './fixtures/windows-tree.ts'
import { type Outcome, runScript } from './fixtures/run-script.ts'
import { fewer } from './fixtures/runs.ts'
import { scripts, shiftedSteps } from './fixtures/script.ts'
import { build } from './fixtures/trigger-tree.ts'
import { paces, steady } from './pace.ts'

type Part = Element<readonly number[], string, PaneInfo, Diff>

const any = panings({ windows: anyWindows })
/** A multiple of every number up to 24, and so of every size, hop and interval here. */
const period = 5_354_228_880

test('1: shifted events give the same, shifted alike', async () => {
  await fc.assert(
    fc.asyncProperty(any, scripts(), fc.integer({ min: -1_000, max: 1_000 }), async (paning, steps, times) => {
      const by = times * period
      const here = await runScript(steps, paned(paning))
      const there = await runScript(shiftedSteps(steps, by), paned(paning))
      const shifted = here.map((outcome) => ({ ...outcome, out: outcome.out.map((element) => later(element, by)) }))
      expect(there.map(withoutMetrics)).toEqual(shifted.map(withoutMetrics))
    }),
    fewer,
  )
})

test('2: what leaves for a key does not depend on other keys', async () => {
  await fc.assert(
    fc.asyncProperty(any, scripts({ keys: ['a', 'b', 'c'] }), async (paning, steps) => {
      const together = await runScript(steps, paned(paning))
      for (const key of ['a', 'b', 'c']) {
        const isOfKey = (element: Part): boolean => element.kind === 'event' && element.key === key
        const others = (i: number): boolean => {
          const step = steps[i]
          return step?.kind === 'event' && step.item.key !== key
        }
        const alone = await runScript(
          steps.filter((_, i) => !others(i)),
          paned(paning),
        )
        const kept = together.filter((_, i) => !others(i))
        for (const [i, { out }] of kept.entries()) {
          expect(out.filter(isOfKey)).toEqual(alone[i]?.out.filter(isOfKey))
        }
      }
    }),
    fewer,
  )
})

test('3: batch sizes and slow sinks change nothing', async () => {
  const sizes = fc.integer({ min: 1, max: 4 })
  const writes = fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 3 })
  const keys = ['a', 'b', 'c', 'd', 'e', 'f']
  await fc.assert(
    fc.asyncProperty(any, scripts({ keys, maxLength: 40 }), sizes, writes, async (paning, steps, batchSize, writes) => {
      const atOnce = await runScript(steps, paned(paning))
      const slowly = await runScript(steps, paned(paning), { ...steady, chunks: [1], batchSize, writes })
      expect(slowly.map(withoutMetrics)).toEqual(atOnce.map(withoutMetrics))
      const widest = Math.max(
        1,
        ...atOnce.map(({ out }, i) => (steps[i]?.kind === 'event' ? out.length : widestPane(out))),
      )
      const mostBuffered = slowly.at(-1)?.metrics.sinks.map((sink) => sink.mostBuffered) ?? []
      expect(Math.max(...mostBuffered)).toBeLessThanOrEqual(batchSize + widest)
    }),
    fewer,
  )
})

test('3: chunk sizes and slow sources change nothing', async () => {
  await fc.assert(
    fc.asyncProperty(any, scripts({ clock: false, maxLength: 40 }), paces(), async (paning, steps, pace) => {
      const one = await runScript(steps, paned(paning))
      const other = await runScript(steps, paned(paning), pace)
      expect(other.map(withoutMetrics)).toEqual(one.map(withoutMetrics))
    }),
    fewer,
  )
})

test('4: a trigger fires and finishes when it says so', async () => {
  await fc.assert(
    fc.asyncProperty(any, scripts(), async (paning, steps) => {
      const { fires, finishes } = build(paning.trigger ?? { kind: 'default' })
      const outcomes = await runScript(steps, paned(paning))
      const panes = outcomes.flatMap(({ out }) => out.flatMap((each) => (each.kind === 'event' ? [each.pane] : [])))
      const isEarly = panes.some(({ timing }) => timing === 'early')
      const isClosed = outcomes.some(({ closed }) => closed.length > 0)
      if (fires !== 'any-time') expect(isEarly).toBe(false)
      if (fires === 'never') expect(panes.every(({ isLast }) => isLast)).toBe(true)
      if (finishes === 'never') expect(isClosed).toBe(false)
      if (finishes === 'completion')
        expect(panes.some(({ timing, isLast }) => isLast && timing === 'early')).toBe(false)
    }),
    fewer,
  )
})

/** The most that one pane gives: what it takes back, and itself. */
function widestPane(out: readonly Part[]): number {
  let widest = 0
  let taken = 0
  for (const element of out) {
    taken = element.kind === 'event' && element.diff === -1 ? taken + 1 : 0
    widest = Math.max(widest, taken + 1)
  }
  return widest
}

function withoutMetrics({ out, late, closed }: Outcome<readonly number[], string, PaneInfo>): unknown {
  return { out, late, closed }
}

function later(element: Part, by: number): Part {
  if (element.kind === 'idle') return element
  const time = element.time + by
  if (element.kind === 'watermark') return { ...element, time }
  const { window } = element.pane
  return { ...element, time, pane: { ...element.pane, window: { start: window.start + by, end: window.end + by } } }
}
