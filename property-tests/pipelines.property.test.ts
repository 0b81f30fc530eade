// Laws of pipelines: operators before, between and behind windows, windows behind windows, also over results that are taken back,
// a diamond.
//
// 1. Chunk sizes, slow reads and a slow sink change nothing.
// 2. Any order of arrival within the bound gives the same final result, and so do no watermarks before the end, and several splits.
// 3. The watermark out rises only and is never ahead of the one in, and no pane leaves before its window's end.
// 4. The ledger of every operator balances after every turn, and nothing is kept at the end.
// 5. Events shifted by a multiple of all hops give the same elements, shifted alike.
// 6. What is taken back stands, and of a key and window no more than one result does.

import fc from 'fast-check'
import { share } from 'rxjs'
import { test } from 'vitest'
import { count } from '../lib/aggregates/count.ts'
import { countDistinct } from '../lib/aggregates/count-distinct.ts'
import { sum } from '../lib/aggregates/sum.ts'
import { afterCount, afterFirst, afterWatermark, everyEventTime, repeatedly } from '../lib/triggers/index.ts'
import { cumulative } from '../lib/windows/cumulative.ts'
import { hopping } from '../lib/windows/hopping.ts'
import { session } from '../lib/windows/session.ts'
import { sliding } from '../lib/windows/sliding.ts'
import { tumbling } from '../lib/windows/tumbling.ts'
import type { Diff, Stream } from '../lib/element.ts'
import { boundedOutOfOrderness } from '../lib/watermarks/bounded-out-of-orderness.ts'
import type { PaneInfo } from '../lib/window.ts'
import { filter } from '../operators/filter.ts'
import { flatMap } from '../operators/flat-map.ts'
import { keyBy } from '../operators/key-by.ts'
import { map } from '../operators/map.ts'
import { merge } from '../operators/merge.ts'
import { window } from '../operators/window.ts'
import type { Case } from './case.ts'
import { cases } from './cases.ts'
import { checkCase } from './check-case.ts'
import { events } from './events.ts'
import { type Sample, samples } from './fixtures/aggregates.ts'
import { keyOf } from './fixtures/windowing.ts'
import { fewer } from './fixtures/runs.ts'
import type { Law } from './law.ts'
import * as laws from './laws/index.ts'

type Samples = Stream<Sample, undefined, undefined>
type Numbers = Stream<number, unknown, PaneInfo, Diff>

const bound = 8
/** All hops below divide it. */
const period = 60

const pipelines: Readonly<Record<string, (events: Samples) => Numbers>> = {
  'operators before and behind a window': (events) =>
    events.pipe(
      filter(({ word }) => word !== ''),
      flatMap((sample) => (sample.word === 'z' ? [] : [sample, sample])),
      keyBy(keyOf),
      window(hopping(6, 4), count()),
      map((n) => n * 10),
      filter((n) => n !== 20),
    ),
  'a window of windows': (events) =>
    events.pipe(
      keyBy(keyOf),
      window(tumbling(3), count()),
      keyBy(() => 'all'),
      window(hopping(10, 5), sum()),
    ),
  'three windows that share an assigner': (events) => {
    const windows = tumbling(4, { offset: 1 })
    return events.pipe(window(windows, count()), window(windows, sum()), window(windows, sum()))
  },
  'early sessions that are taken back, in windows': (events) =>
    events.pipe(
      keyBy(keyOf),
      window(session(3), count(), {
        trigger: afterWatermark({ early: afterCount(2), late: afterCount(1) }),
        accumulation: 'retracting',
        allowedLateness: 10,
      }),
      keyBy(() => 'all'),
      window(hopping(12, 4), sum(), { accumulation: 'retracting', allowedLateness: 20 }),
    ),
  'windows that are taken back, in sessions': (events) =>
    events.pipe(
      keyBy(keyOf),
      window(cumulative(6, 2), count(), {
        trigger: repeatedly(afterFirst(everyEventTime(2), afterCount(3))),
        accumulation: 'retracting',
        allowedLateness: 10,
      }),
      window(session(5), sum(), { accumulation: 'retracting', allowedLateness: 20 }),
    ),
  'sliding windows, and what they come to': (events) =>
    events.pipe(
      keyBy(keyOf),
      window(sliding(3), count(), { accumulation: 'retracting', allowedLateness: 5 }),
      window(tumbling(10), countDistinct(), { allowedLateness: 5 }),
    ),
  'a diamond': (events) => {
    const keyed = events.pipe(keyBy(keyOf), share())
    const short = keyed.pipe(window(tumbling(3), count()))
    const long = keyed.pipe(window(hopping(12, 6), count()))
    return merge(short, long)
  },
  'a diamond into a window': (events) => {
    const keyed = events.pipe(keyBy(keyOf), share())
    const short = keyed.pipe(window(tumbling(2), count()))
    const long = keyed.pipe(window(tumbling(4), count()))
    return merge(short, long).pipe(window(tumbling(20), sum()))
  },
}

const within = events({ value: samples, span: 60, disorder: bound, edges: 2, maxLength: 40 })
const beyond = events({ value: samples, span: 60, disorder: bound, lateness: 40, edges: 2, maxLength: 40 })

/** Tries a pipeline under laws. */
const check = (
  pipeline: (events: Samples) => Numbers,
  ...asked: readonly Law[]
): ((of: Case<Sample>) => Promise<void>) => {
  const watermark = boundedOutOfOrderness(bound)
  return (of) => checkCase(pipeline, { watermark, laws: asked }, of)
}

test.each(Object.entries(pipelines))('1: %s, at any pace', async (_, pipeline) => {
  const holds = check(pipeline, laws.chunkInvariant(), laws.backpressureInvariant())
  await fc.assert(fc.asyncProperty(cases(beyond), holds), fewer)
})

test.each(Object.entries(pipelines))('2: %s, in any order', async (_, pipeline) => {
  const holds = check(pipeline, laws.orderInsensitive(), laws.watermarkInsensitive(), laws.splitInvariant())
  await fc.assert(fc.asyncProperty(cases(within), holds), fewer)
})

test.each(Object.entries(pipelines))('3: %s: the watermark holds', async (_, pipeline) => {
  await fc.assert(fc.asyncProperty(cases(beyond), check(pipeline, laws.watermarkHolds())), fewer)
})

test.each(Object.entries(pipelines))('4: %s: all is accounted for and nothing kept', async (_, pipeline) => {
  const holds = check(pipeline, laws.accountsForEveryEvent(), laws.noStateLeft())
  await fc.assert(fc.asyncProperty(cases(beyond), holds), fewer)
})

test.each(Object.entries(pipelines))('5: %s, shifted', async (_, pipeline) => {
  await fc.assert(fc.asyncProperty(cases(beyond), check(pipeline, laws.timeShiftInvariant(period))), fewer)
})

test.each(Object.entries(pipelines))('6: %s: what is taken back stands', async (_, pipeline) => {
  await fc.assert(fc.asyncProperty(cases(beyond), check(pipeline, laws.retractionsBalance())), fewer)
})
