// Laws of windows of every kind, with any trigger, mode and lateness, over scripts of events, watermarks and moves of the clock:
//
// 1. What leaves with each step, element by element, is what a replay of the rules predicts; so are the late events, the refused
//    ones, what is counted and what is kept.
// 2. So it is of a stream that takes values back.
// 3. What one watermark finishes leaves in the order of the windows' ends, and before the watermark.
// 4. The ledger balances after each step, and nothing is kept at the end.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Diff, Element } from '../lib/element.ts'
import type { OperatorMetrics } from '../lib/metrics.ts'
import type { PaneInfo } from '../lib/window.ts'
import { grouped, type Paning, paned, panings, queryOf } from './fixtures/panings.ts'
import { anyWindows, fixedWindows, mergingWindows, slidingWindows } from './fixtures/windows-tree.ts'
import { NothingToTakeBack } from './fixtures/replay-kept.ts'
import { type Expected, replayPanes } from './fixtures/replay-panes.ts'
import { type Outcome, runChangingScript, runScript } from './fixtures/run-script.ts'
import { fewer, half } from './fixtures/runs.ts'
import { clusteredScripts, scripts, type Step } from './fixtures/script.ts'
import { aroundTriggers, closingTriggers, stagedTriggers, windowTriggers } from './fixtures/trigger-tree.ts'

type Results = Outcome<readonly number[], string, PaneInfo>

/** Most under one key, so that they meet. */
const keys = ['a', 'a', 'a', 'b']

/** What has fired is there for long enough to merge. */
const lateness = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 40 }))
const merging = panings({ windows: mergingWindows, lateness })
const mergingAndClosing = panings({ windows: mergingWindows, lateness, trigger: closingTriggers() })

const clusters = panings({
  windows: fc.record({ kind: fc.constant('session' as const), gap: fc.integer({ min: 5, max: 8 }) }),
  lateness: fc.constant(40),
  trigger: fc.oneof(windowTriggers(), stagedTriggers(), aroundTriggers()),
})

const kinds = [
  ['windows of time', panings({ windows: fixedWindows }), scripts({ keys })],
  ['windows that merge', merging, scripts({ keys })],
  ['windows that merge and close', mergingAndClosing, scripts({ keys })],
  ['windows that merge when they have fired', clusters, clusteredScripts()],
  ['sliding windows', panings({ windows: slidingWindows }), scripts({ keys })],
] as const

test.each(kinds)('1: all is as the rules predict: %s', async (_, made, scripted) => {
  await fc.assert(
    fc.asyncProperty(made, scripted, async (paning, steps) => {
      compare(paning, replayPanes(steps, queryOf(paning)), await runScript(steps, paned(paning)))
    }),
    half,
  )
})

const accumulations = ['accumulating', 'retracting'] as const
const changing = {
  'windows of time': panings({ windows: fixedWindows, accumulations }),
  'windows that merge': panings({ windows: mergingWindows, accumulations, lateness }),
}

test.each(Object.entries(changing))(
  '2: all is as the rules predict when values are taken back: %s',
  async (_, made) => {
    await fc.assert(
      fc.asyncProperty(made, scripts({ keys, retractions: true }), async (paning, steps) => {
        const expected = replayable(steps, paning)
        fc.pre(expected !== undefined)
        compare(paning, expected, await runChangingScript(steps, paned(paning)))
      }),
      fewer,
    )
  },
)

test('3, 4: windows leave in the order of their ends; all is accounted for, and nothing kept', async () => {
  await fc.assert(
    fc.asyncProperty(panings({ windows: anyWindows }), scripts(), async (paning, steps) => {
      const outcomes = await runScript(steps, paned(paning))
      for (const [i, { out, metrics }] of outcomes.entries()) {
        expect(metrics.balanced).toBe(true)
        const step = steps[i]
        if (step !== undefined && step.kind !== 'watermark') continue
        const ends = out.flatMap((element) => (isFinal(element) ? [element.pane.window.end] : []))
        expect(ends).toEqual(ends.toSorted((a, b) => a - b))
        expect(out.slice(0, -1).every(({ kind }) => kind === 'event')).toBe(true)
      }
      const { entries, held } = windowOf(outcomes.at(-1))
      expect({ entries, held }).toEqual({ entries: 0, held: 0 })
    }),
    fewer,
  )
})

test('the laws are about something: what is rare comes up often enough', () => {
  const share = (has: (expected: Expected, i: number) => boolean, made = panings()): number => {
    const cases = fc.sample(fc.tuple(made, scripts({ keys })), { seed: 1, numRuns: 500 })
    return cases.filter(([paning, steps]) => replayPanes(steps, queryOf(paning)).some(has)).length / cases.length
  }
  const hasPane = (is: (pane: PaneInfo, diff: Diff) => boolean): ((expected: Expected) => boolean) => {
    return ({ out }) => out.some((element) => element.kind === 'event' && is(element.pane, element.diff))
  }
  expect(share(({ late }) => late.length > 0)).toBeGreaterThan(0.2)
  expect(share(({ closed }) => closed.length > 0)).toBeGreaterThan(0.05)
  expect(share(({ counts }) => counts.windowDrops > 0)).toBeGreaterThan(0.05)
  expect(share(hasPane((_, diff) => diff === -1))).toBeGreaterThan(0.05)
  expect(share(hasPane(({ timing }) => timing === 'early'))).toBeGreaterThan(0.3)
  expect(share(hasPane(({ timing, index }) => timing === 'late' && index > 1))).toBeGreaterThan(0.02)
  expect(share(({ out }) => takesBackSeveral(out), merging)).toBeGreaterThan(0.005)
})

/** Windows that had fired have become one. */
function takesBackSeveral(out: Expected['out']): boolean {
  return out.some((element, i) => {
    const next = out[i + 1]
    return element.kind === 'event' && next?.kind === 'event' && element.diff === -1 && next.diff === -1
  })
}

/** What must come of a script; undefined if something is taken back that no window has. */
function replayable(steps: readonly Step[], paning: Paning): readonly Expected[] | undefined {
  try {
    return replayPanes(steps, queryOf(paning))
  } catch (error) {
    if (error instanceof NothingToTakeBack) return undefined
    throw error
  }
}

function compare(paning: Paning, expected: readonly Expected[], outcomes: readonly Results[]): void {
  expect(outcomes).toHaveLength(expected.length)
  for (const [i, { out, late, closed, counts }] of expected.entries()) {
    const outcome = outcomes[i]
    const came = {
      out: grouped(outcome?.out ?? [], paning),
      late: outcome?.late.toSorted(byNumber),
      closed: outcome?.closed,
    }
    expect({ i, ...came }).toEqual({ i, out: grouped(out, paning), late: late.toSorted(byNumber), closed })
    const { entries, windowDrops, ...exact } = counts
    const window = windowOf(outcome)
    expect({ i, ...window }).toMatchObject(exact)
    if (paning.windows.kind !== 'sliding') expect({ i, windowDrops: window.windowDrops }).toEqual({ i, windowDrops })
    // Those that share slices or instants have others.
    const areShared = window.about?.startsWith('slices') === true || paning.windows.kind === 'sliding'
    if (!areShared) expect({ i, entries: window.entries }).toEqual({ i, entries })
  }
}

function windowOf(outcome: Results | undefined): OperatorMetrics {
  const found = outcome?.metrics.operators.find(({ name }) => name === 'window')
  if (found === undefined) throw new Error('no window')
  return found
}

type FinalPane = Extract<Element<unknown, string, PaneInfo, Diff>, { kind: 'event' }>

function isFinal(element: Element<unknown, string, PaneInfo, Diff>): element is FinalPane {
  return element.kind === 'event' && element.diff === 1 && element.pane.timing !== 'early'
}

function byNumber(a: number, b: number): number {
  return a - b
}
