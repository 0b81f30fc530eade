import { expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { assignTimestamps } from '../../operators/assign-timestamps.ts'
import { keyBy } from '../../operators/key-by.ts'
import { window } from '../../operators/window.ts'
import { runMarbles } from '../../testing/run-marbles.ts'
import { sum } from '../aggregates/sum.ts'
import { type Element, event, watermark } from '../element.ts'
import { ScriptedSource } from '../fixtures/scripted-source.ts'
import { turns } from '../fixtures/turns.ts'
import type { OperatorMetrics } from '../metrics.ts'
import { run } from '../run.ts'
import { afterCount } from '../triggers/after-count.ts'
import { afterProcessingTime } from '../triggers/after-processing-time.ts'
import { repeatedly } from '../triggers/repeatedly.ts'
import { monotonous } from '../watermarks/monotonous.ts'
import { sliding } from '../windows/sliding.ts'
import { batchesOf } from './fixtures/batches.ts'
import { CountingSum } from './fixtures/counting-sum.ts'

test('holds windows and instants, until no window can reach them', async () => {
  const source = new ScriptedSource<Element<number, string, undefined>>()
  const job = run(source.values.pipe(window(sliding(10), sum(), { allowedLateness: 5 })), () => {})
  const state = (): Partial<OperatorMetrics> => job.metrics().operators[0] ?? {}
  source.give(event(1, 0, 'a'), event(1, 0, 'a'), event(1, 10, 'a'), event(1, 0, 'b'))
  await turns()
  // [-10,1), [0,11) and [1,12) of a, [-10,1) of b; 0 and 10 of a, 0 of b.
  expect(state()).toMatchObject({ held: 4, contributed: 0, entries: 4 + 3 })
  source.give(watermark(15))
  await turns()
  expect(state()).toMatchObject({ held: 4, contributed: 0, entries: 2 + 3 })
  // A late event may still be within 10 of the one at 0.
  source.give(watermark(16))
  await turns()
  expect(state()).toMatchObject({ held: 1, contributed: 3, entries: 1 + 1 })
  source.give(watermark(17))
  await turns()
  expect(state()).toMatchObject({ held: 1, contributed: 3, entries: 0 + 1 })
  source.give(watermark(26))
  await turns()
  expect(state()).toMatchObject({ held: 0, contributed: 4, entries: 0 })
  await job.stop()
})

test('a trigger hears of the events that were there before a window, and fires for it once', async () => {
  const { actual, expected } = await runMarbles<number>(
    `
    in   1@10  2@10  4@10       8@12        |
    out              [5,11)=7?  [7,13)=15?  [11,17)=8
    `,
    ({ in: source }) => ({ out: source.pipe(window(sliding(5), sum(), { trigger: repeatedly(afterCount(3)) })) }),
  )
  expect(actual).toBe(expected)
})

test('a trigger of the clock waits from the moment the window is made', async () => {
  const { actual, expected } = await runMarbles<number>(
    `
    in   1@10  !3  2@12  !5         !8
    out                  [5,11)=1?  [7,13)=3?&[11,17)=2?
    `,
    ({ in: source }) => ({
      out: source.pipe(window(sliding(5), sum(), { trigger: repeatedly(afterProcessingTime(5)) })),
    }),
  )
  expect(actual).toBe(expected)
})

test('an event costs as many steps as there are windows and instants within reach', async () => {
  const aggregate = new CountingSum()
  const { operator } = await batchesOf(
    fromIterable(Array.from({ length: 2_000 }, (_, n) => n * 10)).pipe(
      assignTimestamps((n) => n, monotonous()),
      window(sliding(50), aggregate),
    ),
    {},
  )
  // Six events in a window, and two windows for each event.
  expect(operator).toMatchObject({ contributed: 2_000, held: 0, entries: 0 })
  expect(operator?.out).toBeLessThanOrEqual(2 * 2_000)
  expect(aggregate.added + aggregate.merged).toBeLessThanOrEqual(2_000 * 2 * 8)
})

test('results leave in batches, whatever their size the same', async () => {
  const elements = Array.from({ length: 600 }, (_, n) => ({ time: n % 6, key: n % 100 }))
  const pipeline = fromIterable(elements, { chunkSize: 1_000 }).pipe(
    assignTimestamps(({ time }) => time, monotonous()),
    keyBy(({ key }) => key),
    window(sliding(10), { total: sum((each: { time: number }) => each.time) }, { allowedLateness: 100 }),
  )
  const { values: all, operator } = await batchesOf(pipeline, { batchSize: 100_000 })
  expect(operator).toMatchObject({ in: 600, contributed: 600, held: 0, entries: 0 })
  for (const batchSize of [1, 30]) {
    const { values, longest } = await batchesOf(pipeline, { batchSize })
    expect(values).toEqual(all)
    // An event may refine a window for each instant within reach.
    expect(longest).toBeLessThanOrEqual(batchSize + 12)
  }
})
