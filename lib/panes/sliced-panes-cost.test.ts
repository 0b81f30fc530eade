// What sharing slices is for: the work of an event does not grow with the number of windows it belongs to.
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { assignTimestamps } from '../../operators/assign-timestamps.ts'
import { keyBy } from '../../operators/key-by.ts'
import { window } from '../../operators/window.ts'
import { VirtualClock } from '../clock.ts'
import { type Element, event, watermark } from '../element.ts'
import { ScriptedSource } from '../fixtures/scripted-source.ts'
import { turns } from '../fixtures/turns.ts'
import { run } from '../run.ts'
import { never } from '../triggers/never.ts'
import { boundedOutOfOrderness } from '../watermarks/bounded-out-of-orderness.ts'
import { monotonous } from '../watermarks/monotonous.ts'
import type { TimeWindows } from '../window.ts'
import { cumulative } from '../windows/cumulative.ts'
import { hopping } from '../windows/hopping.ts'
import { batchesOf } from './fixtures/batches.ts'
import { CountingSum } from './fixtures/counting-sum.ts'

/** Counts the turns of a job. */
class CountingClock extends VirtualClock {
  turns = 0

  override turn(): Promise<void> {
    this.turns += 1
    return super.turn()
  }
}

/** Times from 0, each two places from where it should be. */
function* shuffled(length: number): Generator<number> {
  for (let n = 0; n < length; n += 4) yield* [n + 2, n + 3, n, n + 1]
}

describe('steps', () => {
  test.each([
    [hopping(3_600, 1), 4_000 + 3_599],
    [hopping(3_600, 60), 4_000 / 60 + 60],
    [cumulative(3_600, 1), 3_600 * 2],
  ] as [TimeWindows, number][])('of $0.name: each event is added once', async (windows, atMost) => {
    const aggregate = new CountingSum()
    const { operator } = await batchesOf(
      fromIterable(shuffled(4_000)).pipe(
        assignTimestamps((n) => n, boundedOutOfOrderness(3)),
        window(windows, aggregate),
      ),
      {},
    )
    expect(operator).toMatchObject({ in: 4_000, contributed: 4_000, about: `slices of ${windows.name}` })
    expect(aggregate.added).toBe(4_000)
    expect(aggregate.results).toBe(operator?.out)
    expect(aggregate.results).toBeLessThanOrEqual(atMost)
    // A total is 2 log2(n) + 2 merges, each part takes part in as many as it takes to keep sums ready.
    expect(aggregate.merged).toBeLessThanOrEqual(aggregate.results * (2 * Math.log2(3_600) + 2) + 3 * 4_000)
    // One for each slice, one for each sum of several.
    expect(aggregate.created).toBeLessThanOrEqual(2 * 4_000 + aggregate.results)
  })

  test('of windows that share nothing: an event is added to each', async () => {
    const aggregate = new CountingSum()
    await batchesOf(
      fromIterable([1, 2, 3]).pipe(
        assignTimestamps((n) => n, monotonous()),
        window(hopping(3_600, 1), aggregate, { trigger: never() }),
      ),
      {},
    )
    expect(aggregate.added).toBe(3 * 3_600)
  })

  test('of an event behind the watermark: as many as sums it is in', async () => {
    const aggregate = new CountingSum()
    const late = Array.from({ length: 1_000 }, (_, i) => 1_024 - ((i * 7) % 1_024))
    const times = [...Array.from({ length: 1_025 }, (_, n) => n), ...late]
    await batchesOf(
      fromIterable(times).pipe(
        assignTimestamps((n) => n, monotonous()),
        window(hopping(100_000, 1_000), aggregate),
      ),
      {},
    )
    expect(aggregate.added).toBeLessThanOrEqual(1_025 + 1_000)
    const fine = new CountingSum()
    await batchesOf(
      fromIterable(times).pipe(
        assignTimestamps((n) => n, monotonous()),
        window(hopping(4_096, 1), fine),
      ),
      {},
    )
    expect(fine.added).toBeLessThanOrEqual(1_025 + 1_000 * (Math.log2(1_024) + 2))
  })

  test('of empty time: none', async () => {
    const aggregate = new CountingSum()
    const { operator } = await batchesOf(
      fromIterable([0, 1e12, 2e12]).pipe(
        assignTimestamps((n) => n, monotonous()),
        window(hopping(10, 1), aggregate),
      ),
      {},
    )
    expect(operator).toMatchObject({ out: 30 })
    expect(aggregate.merged).toBe(0)
  })
})

describe('one watermark that completes many windows of many keys', () => {
  const elements = Array.from({ length: 3_000 }, (_, n) => ({ time: Math.floor(n / 300), key: n % 300 }))
  const pipeline = fromIterable(elements, { chunkSize: 5_000 }).pipe(
    assignTimestamps(({ time }) => time, boundedOutOfOrderness(1_000)),
    keyBy(({ key }) => key),
    window(hopping(10, 5), { total: new CountingSum() } as never),
  )

  test('lets results leave in batches', async () => {
    const { values, longest, operator } = await batchesOf(pipeline, { batchSize: 100 })
    expect(values.filter(({ kind }) => kind === 'event')).toHaveLength(3 * 300)
    expect(longest).toBeLessThanOrEqual(100)
    expect(operator).toMatchObject({ in: 3_000, out: 900, contributed: 3_000, held: 0, entries: 0 })
  })

  test('takes as many turns for what makes no result', async () => {
    // A window of hopping(7, 5) starts at 5, and none ends there.
    const clock = new CountingClock()
    const source = new ScriptedSource<Element<number, number, undefined>>()
    const job = run(source.values.pipe(window(hopping(7, 5), new CountingSum())), () => {}, { batchSize: 100, clock })
    source.give(...Array.from({ length: 1_000 }, (_, key) => event(1, 3, key)))
    await turns()
    const before = clock.turns
    source.give(watermark(5))
    await turns(50)
    expect(clock.turns - before).toBeGreaterThanOrEqual(10)
    expect(job.metrics().operators[0]).toMatchObject({ entries: 1_000, out: 0 })
    await job.stop()
  })

  test('whatever their size, the same', async () => {
    const { values: all } = await batchesOf(pipeline, { batchSize: 100_000 })
    for (const batchSize of [1, 7]) expect((await batchesOf(pipeline, { batchSize })).values).toEqual(all)
  })
})
