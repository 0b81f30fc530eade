// Laws of windows, tumbling and hopping, with every aggregate:
//
// 1. Any order of arrival within the bound of the watermark gives the same final result, which is that of a batch over all of
//    the input.
// 2. Chunk sizes, slow reads and a slow sink change nothing: the same elements leave in the same order, and the same late ones.
//    What waits for a sink is bounded by the batch size.
// 3. The watermark out rises only and is never ahead of the one in; no on-time pane leaves behind it; no pane leaves before its
//    window's end is reached. Also for a watermark strategy that goes back.
// 4. Each event is counted in its windows, or late, or in no window: the ledger of every operator balances after every turn.
//    Beyond the bound, and with allowed lateness, what comes out and what is late is, element by element, what a replay by the
//    rules predicts, and so are the counts.
// 5. What is kept is an entry for each key and window that is open (or for parts of them), and nothing at the end; the results of one key do not depend
//    on other keys.
// 6. Events shifted by a multiple of the hop give the same elements, shifted alike.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Diff, Element } from '../lib/element.ts'
import type { JobMetrics, OperatorMetrics } from '../lib/metrics.ts'
import type { PaneInfo } from '../lib/window.ts'
import type { Arrival } from './arrival.ts'
import type { Case } from './case.ts'
import { cases } from './cases.ts'
import { checkCase } from './check-case.ts'
import { events } from './events.ts'
import { batchWindows, isSame, windowsOn } from './batch-windows.ts'
import { type Sample, samples } from './fixtures/aggregates.ts'
import { replayWindows } from './fixtures/replay-windows.ts'
import { fewer, runs } from './fixtures/runs.ts'
import { aggregateOf, experimentOf, isCounted, keyOf, type Windowing, windowings } from './fixtures/windowing.ts'
import { wobbling } from './fixtures/wobbling.ts'
import type { Law } from './law.ts'
import * as laws from './laws/index.ts'
import { paces, steady } from './pace.ts'
import { trial } from './trial.ts'

type Pane = Element<unknown, string, PaneInfo, Diff>

const bound = 8
const bounds = fc.constant(bound)
const within = events({ value: samples, span: 40, disorder: bound, edges: 5, maxLength: 30 })
const beyond = events({ value: samples, span: 40, disorder: bound, lateness: 40, edges: 5, maxLength: 30 })
const latenesses = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 20 }))
const punctual = windowings(bounds)
const lenient = windowings(bounds, latenesses)

/** Tries a windowing at a case, under laws. */
function check(windowing: Windowing, of: Case<Sample>, ...asked: readonly Law<Sample>[]): Promise<void> {
  const { pipeline, ...rest } = experimentOf(windowing)
  return checkCase(pipeline, { ...rest, laws: asked }, of)
}

test('1: any order of arrival within the bound gives the same final result, that of the batch', async () => {
  await fc.assert(
    fc.asyncProperty(lenient, cases(within), (windowing, of) => {
      const { resultOf } = aggregateOf(windowing)
      const batch = laws.equalsBatch<Sample>((all) => batchWindows(countedOf(all), { ...windowing, keyOf, resultOf }))
      return check(windowing, of, laws.orderInsensitive(), laws.splitInvariant(), batch)
    }),
    runs,
  )
})

test('2: chunk sizes, slow reads and a slow sink change nothing', async () => {
  await fc.assert(
    fc.asyncProperty(lenient, cases(beyond), (windowing, of) =>
      check(windowing, of, laws.chunkInvariant(), laws.backpressureInvariant()),
    ),
    runs,
  )
})

test('2: what waits for a sink is a batch, and what one more event gives', async () => {
  await fc.assert(
    fc.asyncProperty(lenient, beyond, paces(), async (windowing, events, pace) => {
      const { metrics } = await trial(experimentOf(windowing), events, { pace })
      const panes = Math.ceil(windowing.size / windowing.hop)
      for (const { mostBuffered } of metrics.sinks) expect(mostBuffered).toBeLessThanOrEqual(pace.batchSize + panes)
    }),
    runs,
  )
})

test('3: the watermark rises only, is never ahead, and no pane leaves before its time', async () => {
  await fc.assert(
    fc.asyncProperty(lenient, cases(beyond), (windowing, of) => check(windowing, of, laws.watermarkHolds())),
    runs,
  )
})

test('3: also for a watermark that goes back; no pane leaves after its time, and one is on time', async () => {
  await fc.assert(
    fc.asyncProperty(lenient, cases(beyond), async (windowing, of) => {
      const { pipeline } = experimentOf(windowing)
      const asked = [
        laws.watermarkHolds(),
        laws.noPaneAfterExpiry(windowing.allowedLateness),
        laws.atMostOneOnTimePane(),
      ]
      await checkCase(pipeline, { watermark: wobbling(bound), laws: asked }, of)
    }),
    fewer,
  )
})

test('4: every event is accounted for after every turn', async () => {
  await fc.assert(
    fc.asyncProperty(lenient, cases(beyond), (windowing, of) => check(windowing, of, laws.accountsForEveryEvent())),
    runs,
  )
})

test('4: beyond the bound all is as the rules predict', async () => {
  await fc.assert(
    fc.asyncProperty(lenient, beyond, paces(), async (windowing, events, pace) => {
      const { resultOf } = aggregateOf(windowing)
      const expected = replayWindows(events, { ...windowing, isCounted, keyOf, resultOf })
      const { elements, late, metrics } = await trial(experimentOf(windowing), events, { pace })
      const arranged = windowing.hop < windowing.size ? keysInOrder : (each: readonly Pane[]): readonly Pane[] => each
      expect(arranged(elements)).toEqual(arranged(expected.elements))
      expect(late.map(({ value, time, key }) => ({ value, time, key }))).toEqual(
        expected.late.map(({ value, time }) => ({ value, time, key: value.key })),
      )
      const came = countedOf(events).length
      expect(windowOf(metrics)).toMatchObject({
        in: came,
        late: expected.late.length,
        noWindow: expected.noWindow,
        windowDrops: expected.windowDrops,
        contributed: came - expected.late.length - expected.noWindow,
      })
    }),
    runs,
  )
})

test('5: what is kept is the open windows', async () => {
  await fc.assert(
    fc.asyncProperty(lenient, beyond, async (windowing, events) => {
      const { moments } = await trial(experimentOf(windowing), events, {
        pace: { ...steady, chunks: [1] },
        watched: true,
      })
      for (const moment of moments) {
        const { in: came, watermark, entries, held, about } = windowOf(moment)
        const seen = countedOf(events).slice(0, came)
        const open = seen.map(({ value, time }) =>
          windowsOn(windowing, time)
            .filter(({ end }) => end + windowing.allowedLateness > watermark)
            .map(({ start }) => `${value.key} ${start}`),
        )
        const { size } = new Set(open.flat())
        // Windows that share slices have other entries.
        if (about === undefined) expect(entries).toBe(size)
        else expect(entries === 0).toBe(size === 0)
        expect(held).toBe(open.filter((windows) => windows.length > 0).length)
      }
    }),
    runs,
  )
})

test('5: nothing is kept at the end', async () => {
  await fc.assert(
    fc.asyncProperty(lenient, cases(beyond), (windowing, of) => check(windowing, of, laws.noStateLeft())),
    runs,
  )
})

test('5: the results of a key do not depend on other keys', async () => {
  await fc.assert(
    fc.asyncProperty(lenient, cases(beyond), (windowing, of) => check(windowing, of, laws.keyIndependent(keyOf))),
    runs,
  )
})

test('6: events shifted by a multiple of the hop give the same, shifted alike', async () => {
  await fc.assert(
    fc.asyncProperty(punctual, cases(beyond), fc.integer({ min: 1, max: 1e9 }), (windowing, of, hops) =>
      check(windowing, of, laws.timeShiftInvariant(hops * windowing.hop)),
    ),
    runs,
  )
})

test('the laws are about something: late events and panes, drops and gaps come up often', () => {
  const inputs = fc.sample(fc.tuple(lenient, beyond), { seed: 1, numRuns: 500 })
  const replays = inputs.map(([windowing, events]) => {
    const { resultOf } = aggregateOf(windowing)
    return replayWindows(events, { ...windowing, isCounted, keyOf, resultOf })
  })
  const share = (has: (replay: (typeof replays)[number]) => boolean): number =>
    replays.filter(has).length / inputs.length
  expect(share(({ late }) => late.length > 0)).toBeGreaterThan(0.2)
  expect(share(({ windowDrops }) => windowDrops > 0)).toBeGreaterThan(0.05)
  expect(share(({ noWindow }) => noWindow > 0)).toBeGreaterThan(0.05)
  const hasLatePane = (element: (typeof replays)[number]['elements'][number]): boolean =>
    element.kind === 'event' && element.pane.timing === 'late'
  expect(share(({ elements }) => elements.some(hasLatePane))).toBeGreaterThan(0.1)
})

/** The panes of a window that leave together in the order of their keys, because theirs is another where windows overlap. */
function keysInOrder(elements: readonly Pane[]): readonly Pane[] {
  const groups: Pane[][] = []
  let last: Pane | undefined
  for (const element of elements) {
    if (isWithWindow(element, last)) groups.at(-1)?.push(element)
    else groups.push([element])
    last = element
  }
  return groups.flatMap((group) => group.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)))
}

function isWithWindow(a: Pane, b: Pane | undefined): boolean {
  if (a.kind !== 'event' || b?.kind !== 'event') return false
  return a.pane.timing === 'on-time' && b.pane.timing === 'on-time' && isSame(a.pane.window, b.pane.window)
}

function nameOf(element: Pane): string {
  return element.kind === 'event' ? element.key : ''
}

function countedOf(events: readonly Arrival<Sample>[]): readonly Arrival<Sample>[] {
  return events.filter(({ value }) => isCounted(value))
}

function windowOf({ operators }: JobMetrics): OperatorMetrics {
  const found = operators.find(({ name }) => name === 'window')
  if (found === undefined) throw new Error('no window')
  return found
}
