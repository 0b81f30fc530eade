// As in crashes.test.ts, for each way in which windows are kept: what is open, complete, merged, waiting for a trigger, or to be
// taken back when a job dies goes on as if nothing had happened.
import type { Observable } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { aggregate, assignTimestamps, changes, keyBy, type Pane, panes, window } from '../../operators/index.ts'
import { sum } from '../aggregates/sum.ts'
import type { Trigger } from '../trigger.ts'
import {
  afterAll,
  afterCount,
  afterEach,
  afterFirst,
  afterProcessingTime,
  afterWatermark,
  everyEventTime,
  everyProcessingTime,
  never,
  once,
  orFinally,
  repeatedly,
} from '../triggers/index.ts'
import { boundedOutOfOrderness } from '../watermarks/bounded-out-of-orderness.ts'
import { countWindow } from '../windows/count-window.ts'
import { globalWindow } from '../windows/global-window.ts'
import { hopping } from '../windows/hopping.ts'
import { session } from '../windows/session.ts'
import { sliding } from '../windows/sliding.ts'
import { tumbling } from '../windows/tumbling.ts'
import { crashes } from './fixtures/crashes.ts'
import { type Sale, sales } from './fixtures/sales.ts'

const keyed = fromIterable(sales, { chunkSize: 7 }).pipe(
  assignTimestamps((sale) => sale.time, boundedOutOfOrderness(30)),
  keyBy((sale) => sale.shop),
)

const amounts = sum((sale: Sale) => sale.amount)

type Pipelines = Readonly<Record<string, () => Observable<unknown>>>

async function verify(pipeline: () => Observable<unknown>, least: number): Promise<void> {
  const { expected, points, differing } = await crashes(pipeline)
  expect(expected.length).toBeGreaterThan(least)
  expect(points).toBeGreaterThan(40)
  expect(differing).toEqual([])
}

/** Two shops, every other sale between two that have been apart so far. */
const bridged = fromIterable(
  sales.map(({ amount }, i) => ({ time: (i % 2 === 0 ? i : i - 23) * 20, shop: 'ab'.charAt((i >> 1) % 2), amount })),
  { chunkSize: 7 },
).pipe(
  assignTimestamps((sale) => sale.time, boundedOutOfOrderness(30)),
  keyBy((sale) => sale.shop),
)

const late = { allowedLateness: 40 } as const

describe('windows that all keys share', () => {
  const pipelines: Pipelines = {
    tumbling: () => keyed.pipe(window(tumbling(50), amounts), panes()),
    'kept for late events': () => keyed.pipe(window(tumbling(50), amounts, late), panes()),
    discarding: () => keyed.pipe(window(tumbling(50), amounts, { ...late, accumulation: 'discarding' }), panes()),
    retracting: () => keyed.pipe(window(tumbling(50), amounts, { ...late, accumulation: 'retracting' }), changes()),
    'overlapping, with a last pane': () =>
      keyed.pipe(window(hopping(60, 20), amounts, { ...late, closing: 'always' }), panes()),
    'of what is taken back': () =>
      keyed.pipe(
        aggregate(amounts, { keep: 100 }),
        window(tumbling(50), sum(), { ...late, accumulation: 'retracting' }),
        changes(),
      ),
    'without an end': () =>
      keyed.pipe(window(globalWindow(), amounts, { trigger: repeatedly(afterCount(2)) }), changes()),
  }
  test.each(Object.entries(pipelines))('%s', (_, pipeline) => verify(pipeline, 20))
})

describe('windows that share slices', () => {
  const pipelines: Pipelines = {
    hopping: () => keyed.pipe(window(hopping(100, 20), amounts), panes()),
    'kept for late events': () => keyed.pipe(window(hopping(60, 20), amounts, late), panes()),
    discarding: () => keyed.pipe(window(hopping(60, 20), amounts, { ...late, accumulation: 'discarding' }), panes()),
    retracting: () => keyed.pipe(window(hopping(60, 20), amounts, { ...late, accumulation: 'retracting' }), changes()),
    'with gaps between slices': () => keyed.pipe(window(hopping(25, 20), amounts, late), panes()),
    'of what is taken back': () =>
      keyed.pipe(
        aggregate(amounts, { keep: 100 }),
        window(hopping(60, 20), sum(), { ...late, accumulation: 'retracting' }),
        changes(),
      ),
  }
  test.each(Object.entries(pipelines))('%s', (_, pipeline) => verify(pipeline, 20))
})

describe('windows that merge', () => {
  const pipelines: Pipelines = {
    sessions: () => keyed.pipe(window(session(35), amounts), panes()),
    'kept for late events': () => keyed.pipe(window(session(25), amounts, late), panes()),
    discarding: () => keyed.pipe(window(session(25), amounts, { ...late, accumulation: 'discarding' }), panes()),
    retracting: () => keyed.pipe(window(session(25), amounts, { ...late, accumulation: 'retracting' }), changes()),
    'with early results': () =>
      keyed.pipe(
        window(session(45), amounts, {
          trigger: afterWatermark({ early: afterCount(2), late: afterCount(1) }),
          accumulation: 'retracting',
          ...late,
        }),
        changes(),
      ),
    'bridged when they are complete': () =>
      bridged.pipe(window(session(50), amounts, { allowedLateness: 600, accumulation: 'retracting' }), changes()),
    'bridged when they have given early results': () =>
      bridged.pipe(
        window(session(50), amounts, {
          trigger: afterWatermark({ early: afterCount(1), late: afterCount(2) }),
          accumulation: 'retracting',
          allowedLateness: 600,
        }),
        changes(),
      ),
    'closed at completion': () =>
      keyed.pipe(window(session(25), amounts, { trigger: once(afterWatermark()), ...late }), panes()),
    'by the watermark': () =>
      keyed.pipe(window(session(45), amounts, { trigger: everyEventTime(20), ...late }), panes()),
    'of what is taken back': () =>
      keyed.pipe(
        aggregate(amounts, { keep: 100 }),
        window(session(25), sum(), { ...late, accumulation: 'retracting' }),
        changes(),
      ),
  }
  test.each(Object.entries(pipelines))('%s', (_, pipeline) => verify(pipeline, 20))
})

describe('windows of a number of events', () => {
  const pipelines: Pipelines = {
    'without overlap': () => keyed.pipe(window(countWindow(3), amounts), panes()),
    overlapping: () => keyed.pipe(window(countWindow(6, 4), amounts), panes()),
    'with gaps': () => keyed.pipe(window(countWindow(2, 3), amounts), panes()),
  }
  test.each(Object.entries(pipelines))('%s', (_, pipeline) => verify(pipeline, 10))
})

describe('windows around events', () => {
  const pipelines: Pipelines = {
    sliding: () => keyed.pipe(window(sliding(40), amounts), panes()),
    'kept for late events': () =>
      keyed.pipe(window(sliding(40), amounts, { ...late, accumulation: 'retracting' }), changes()),
    'fired before': () => keyed.pipe(window(sliding(40), amounts, { trigger: repeatedly(afterCount(2)) }), panes()),
  }
  test.each(Object.entries(pipelines))('%s', (_, pipeline) => verify(pipeline, 20))
})

describe('triggers', () => {
  const triggers: readonly Trigger[] = [
    never(),
    repeatedly(afterCount(2)),
    everyEventTime(20),
    afterWatermark({ early: everyEventTime(15), late: afterCount(1) }),
    once(afterCount(3)),
    once(orFinally(repeatedly(afterCount(1)), afterCount(3))),
    repeatedly(afterAll(afterCount(2), everyEventTime(20))),
    repeatedly(afterFirst(afterCount(3), everyEventTime(30))),
    afterEach(afterCount(1), afterCount(2), repeatedly(afterCount(1))),
  ]
  test.each(triggers)('$name', (trigger) =>
    verify(() => keyed.pipe(window(tumbling(100), amounts, { trigger, ...late }), panes()), 10),
  )

  // When they fire depends on how long it took to come back; what has come out of a window by then does not.
  test.each([
    repeatedly(afterProcessingTime(2)),
    everyProcessingTime(3),
    afterWatermark({ early: everyProcessingTime(2), late: afterCount(1) }),
  ])('$name, as far as it can be known', async (trigger) => {
    const { expected, differing } = await crashes(() =>
      keyed.pipe(window(tumbling(100), amounts, { trigger, ...late, accumulation: 'discarding' }), panes()),
    )
    const whole = totals(expected)
    expect(expected.length).toBeGreaterThan(Object.keys(whole).length)
    for (const { written } of differing) expect(totals(written)).toEqual(whole)
  })
})

/** The sum of the panes of each window and key. */
function totals(written: readonly unknown[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const pane of written) {
    const { window: of, key, value } = pane as Pane<number, string>
    const name = `${key}@${of.start}`
    sums[name] = (sums[name] ?? 0) + value
  }
  return sums
}
