// Laws of how the panes of one window relate, for windows of every kind, any trigger, and any script:
//
// 1. Retracting panes without what they take back are the accumulating ones, element by element.
// 2. What is taken back stands: the same key, value, time and pane. Of a key and window one result stands, and those of sessions
//    don't overlap.
// 3. Every accumulating pane of a window has what its discarding panes have had so far, and nothing else.
// 4. Every event that is accepted is in one discarding pane of each of its windows, and in none if it is late or refused: no
//    trigger loses or doubles it.
// 5. A second window over results that are taken back, with the same key or another, comes to what a batch makes of the results
//    that stand; at every step, if it fires for each event.
// 6. So does an aggregate without a window.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { collect } from '../lib/aggregates/collect.ts'
import type { Diff, Element, Event, Stream } from '../lib/element.ts'
import type { PaneInfo, Windows } from '../lib/window.ts'
import { aggregate } from '../operators/aggregate.ts'
import { keyBy } from '../operators/key-by.ts'
import { batchPanes, inOrder } from './fixtures/batch-panes.ts'
import { type Paning, paned, panings } from './fixtures/panings.ts'
import {
  anyWindows,
  assignOf,
  mergesOf,
  mergingWindows,
  slidingWindows,
  timeWindows,
  windowsOf,
  type WindowsTree,
} from './fixtures/windows-tree.ts'
import { isSame } from './fixtures/replay-kept.ts'
import { runScript } from './fixtures/run-script.ts'
import { fewer } from './fixtures/runs.ts'
import { eventsOf, type ItemStep, scripts } from './fixtures/script.ts'
import { Standing } from './fixtures/standing.ts'
import { build, openTriggers, type TriggerTree } from './fixtures/trigger-tree.ts'
import { window } from '../operators/window.ts'

type Names = readonly number[]
type Results = Stream<Names, string, PaneInfo, Diff>
type Result = Event<Names, string, PaneInfo, Diff>

test('1, 2: retracting panes without what they take back are the accumulating ones', async () => {
  await fc.assert(
    fc.asyncProperty(panings({ windows: anyWindows }), scripts(), async (paning, steps) => {
      const changes = await runScript(steps, paned({ ...paning, accumulation: 'retracting' }))
      const values = await runScript(steps, paned({ ...paning, accumulation: 'accumulating' }))
      const stands = new Standing<Names, string, PaneInfo>()
      for (const [i, { out }] of changes.entries()) {
        expect(out.filter((element) => element.kind !== 'event' || element.diff === 1)).toEqual(values[i]?.out)
        for (const element of out) expect(hasTwins(stands.apply([element]).results)).toBe(false)
      }
    }),
    fewer,
  )
})

test('3: an accumulating pane has what the discarding ones have had so far', async () => {
  // Merged windows only have their parts in them while those are kept.
  const lateness = fc.constant(1_000)
  await fc.assert(
    fc.asyncProperty(panings({ windows: anyWindows, lateness }), scripts(), async (paning, steps) => {
      const accumulated = insertions(await runScript(steps, paned({ ...paning, accumulation: 'accumulating' })))
      const discarded = insertions(await runScript(steps, paned({ ...paning, accumulation: 'discarding' })))
      expect(discarded.map(withoutValue)).toEqual(accumulated.map(withoutValue))
      for (const [i, pane] of accumulated.entries()) {
        const parts = discarded.slice(0, i + 1).filter((each) => isPart(each, pane, paning))
        expect(inSize(parts.flatMap(({ value }) => value))).toEqual(inSize(pane.value))
      }
    }),
    fewer,
  )
})

test('4: no trigger loses or doubles an event', async () => {
  await fc.assert(
    fc.asyncProperty(
      panings({ windows: anyWindows, accumulations: ['discarding'] }),
      scripts(),
      async (paning, steps) => {
        const outcomes = await runScript(steps, paned(paning))
        const panes = insertions(outcomes)
        const refused = outcomes.flatMap(({ late, closed }) => [...late, ...closed])
        const assign = assignOf(paning.windows)
        const isInSome = ({ time, item }: ItemStep): boolean =>
          paning.windows.kind === 'sliding' || assign(time, item).length > 0
        const accepted = eventsOf(steps).filter((step) => isInSome(step) && !refused.includes(step.item.name))
        expect(inSize([...new Set(panes.flatMap(({ value }) => value))])).toEqual(accepted.map(({ item }) => item.name))
        const merges = mergesOf(paning.windows) !== undefined
        for (const { key, pane } of panes) {
          const isTogether = (each: Result): boolean =>
            each.key === key && (merges || isSame(each.pane.window, pane.window))
          const names = panes.filter(isTogether).flatMap(({ value }) => value)
          expect(new Set(names).size).toBe(names.length)
        }
      },
    ),
    fewer,
  )
})

const forLong = { accumulations: ['retracting'], trigger: openTriggers(2), lateness: fc.constant(1_000) } as const
const forEach: TriggerTree = { kind: 'repeatedly', of: { kind: 'count', n: 1 } }

/** The key that a result has behind `keyBy`; with the last one it changes its place when it changes. */
const regroupings: Readonly<Record<string, ((names: Names) => string) | undefined>> = {
  'the same key': undefined,
  'one key': () => 'all',
  'the size': (names) => `size ${names.length}`,
}
const keys = fc.constantFrom(...Object.keys(regroupings))
const keysThatStay = fc.constantFrom('the same key', 'one key')

/** Sessions don't become shorter when a result is taken back: in front of them stand windows whose results keep their time. */
const inSequence = fc.oneof(
  fc.tuple(panings({ ...forLong, windows: anyWindows }), timeWindows, keys),
  fc.tuple(
    panings({ ...forLong, windows: fc.oneof(timeWindows, slidingWindows) }),
    mergingWindows.filter(hasOneGap),
    keysThatStay,
  ),
)

test('5: a window over results that are taken back comes to the batch of those that stand', async () => {
  await fc.assert(
    fc.asyncProperty(
      inSequence,
      fc.option(openTriggers(2), { freq: 2 }),
      scripts(),
      async ([first, then, by], trigger, steps) => {
        const results = await runScript(steps, paned(first))
        const outcomes = await runScript(steps, (items, sides) =>
          regrouped(paned<1>(first)(items, sides), by).pipe(
            // None of them looks at values.
            window(windowsOf(then) as Windows, asText, {
              trigger: build(trigger ?? forEach),
              accumulation: 'retracting',
              allowedLateness: 1_000,
            }),
          ),
        )
        const before = new Standing<Names, string, PaneInfo>()
        const after = new Standing<readonly string[], string, PaneInfo>()
        for (const [i, { out }] of outcomes.entries()) {
          before.apply(results[i]?.out ?? [])
          after.apply(out)
          // A trigger that fires for each event leaves nothing behind.
          if (trigger !== null && i < outcomes.length - 1) continue
          const came = after.results.map(({ key, pane, value }) => ({
            key,
            window: pane.window,
            value: value.toSorted(),
          }))
          expect(inOrder(came)).toEqual(batchOver(before.results, by, then))
        }
      },
    ),
    fewer,
  )
})

test('6: an aggregate over results that are taken back comes to what stands, at every step', async () => {
  await fc.assert(
    fc.asyncProperty(panings({ ...forLong, windows: anyWindows }), keys, scripts(), async (first, by, steps) => {
      const results = await runScript(steps, paned(first))
      const outcomes = await runScript(steps, (items, sides) =>
        regrouped(paned<1>(first)(items, sides), by).pipe(aggregate(asText, { keep: 'forever' })),
      )
      const before = new Standing<Names, string, PaneInfo>()
      const after = new Standing<readonly string[], string, undefined>()
      for (const [i, { out }] of outcomes.entries()) {
        before.apply(results[i]?.out ?? [])
        const came = after.apply(out).results.map(({ key, value }) => `${key}: ${value.toSorted().join(', ')}`)
        const expected = batchOver(before.results, by, { kind: 'global' })
        expect(new Set(came)).toEqual(new Set(expected.map(({ key, value }) => `${key}: ${value.join(', ')}`)))
        expect(came).toHaveLength(expected.length)
      }
    }),
    fewer,
  )
})

function regrouped(results: Results, by: string): Results {
  const keyOf = regroupings[by]
  return keyOf === undefined ? results : results.pipe(keyBy(keyOf))
}

const asText = collect((names: Names) => names.join(' '))

/** What windows over results come to, computed over all of them at once. */
function batchOver(
  results: readonly Result[],
  by: string,
  windows: WindowsTree,
): readonly { readonly key: string; readonly value: readonly string[] }[] {
  const steps = results.map(({ key, time, value }, name) => {
    const item = { name, key: regroupings[by]?.(value) ?? key, gap: 1 }
    return { kind: 'event', item, time, diff: 1 } as const
  })
  const texts = results.map(({ value }) => value.join(' '))
  return batchPanes(steps, windows).map(({ value, ...pane }) => ({
    ...pane,
    value: value.map((name) => texts[name] ?? '').sort(),
  }))
}

function insertions(
  outcomes: readonly { readonly out: readonly Element<Names, string, PaneInfo, Diff>[] }[],
): readonly Result[] {
  return outcomes.flatMap(({ out }) => out.filter((element) => element.kind === 'event'))
}

function withoutValue(result: Result): unknown {
  return { ...result, value: undefined }
}

/** The pane is of the same window, or of one that has merged into it. */
function isPart(part: Result, whole: Result, { windows }: Paning): boolean {
  if (part.key !== whole.key) return false
  if (mergesOf(windows) === undefined) return isSame(part.pane.window, whole.pane.window)
  const { start, end } = part.pane.window
  return whole.pane.window.start <= start && end <= whole.pane.window.end
}

function hasTwins(results: readonly Result[]): boolean {
  const last = results.at(-1)
  if (last === undefined) return false
  return results.some((each) => each !== last && each.key === last.key && isSame(each.pane.window, last.pane.window))
}

function hasOneGap(windows: WindowsTree): boolean {
  return windows.kind !== 'session' || windows.gap !== 'per-event'
}

function inSize(names: readonly number[]): readonly number[] {
  return names.toSorted((a, b) => a - b)
}
