// What sharing slices is for: the memory of an event does not grow with the number of windows it belongs to, and is freed.
import { expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { assignTimestamps } from '../../operators/assign-timestamps.ts'
import { keyBy } from '../../operators/key-by.ts'
import { window } from '../../operators/window.ts'
import type { Aggregate } from '../aggregate.ts'
import { type Element, event, watermark } from '../element.ts'
import { alive } from '../fixtures/alive.ts'
import { ScriptedSource } from '../fixtures/scripted-source.ts'
import { turns } from '../fixtures/turns.ts'
import { run } from '../run.ts'
import { boundedOutOfOrderness } from '../watermarks/bounded-out-of-orderness.ts'
import { hopping } from '../windows/hopping.ts'
import { CountingSum } from './fixtures/counting-sum.ts'

test('is a part for each key and slice, whatever the number of windows', async () => {
  const source = new ScriptedSource<Element<number, string, undefined>>()
  const job = run(source.values.pipe(window(hopping(3_600, 1), new CountingSum(), { allowedLateness: 100 })), () => {})
  const state = (): unknown => {
    const { entries, held, contributed } = job.metrics().operators[0] ?? {}
    return { entries, held, contributed }
  }
  const times = Array.from({ length: 50 }, (_, n) => n)
  source.give(...times.flatMap((n) => [event(1, n, 'a'), event(1, n, 'a'), event(1, n, 'b')]))
  await turns()
  expect(state()).toEqual({ entries: 100, held: 150, contributed: 0 })
  // Passed by the watermark, but in windows to come.
  source.give(watermark(3_000))
  await turns(300)
  expect(state()).toEqual({ entries: 100, held: 150, contributed: 0 })
  // The last windows of the first 30 instants have expired, so that only those of the others are kept.
  source.give(watermark(3_600 + 29 + 100))
  await turns(300)
  expect(state()).toEqual({ entries: 40, held: 60, contributed: 90 })
  source.give(watermark(3_600 + 49 + 99))
  await turns(300)
  expect(state()).toEqual({ entries: 2, held: 3, contributed: 147 })
  source.give(watermark(3_600 + 49 + 100))
  await turns()
  expect(state()).toEqual({ entries: 0, held: 0, contributed: 150 })
  await job.stop()
})

test('is freed when the last window expires, though nothing follows', async () => {
  const source = new ScriptedSource<Element<number, string, undefined>>()
  const accumulators: WeakRef<object>[] = []
  const boxes: Aggregate<number, { total: number }, number> = {
    name: 'boxes',
    create() {
      const box = { total: 0 }
      accumulators.push(new WeakRef(box))
      return box
    },
    add(box, n) {
      box.total += n
      return box
    },
    merge(into, from) {
      into.total += from.total
      return into
    },
    result: ({ total }) => total,
  }
  const job = run(source.values.pipe(window(hopping(20, 5), boxes, { allowedLateness: 5 })), () => {})
  source.give(...Array.from({ length: 40 }, (_, n) => event(n, n, n % 2 === 0 ? 'a' : 'b')), watermark(59))
  await turns()
  expect(await alive(accumulators)).toBeGreaterThan(0)
  source.give(watermark(60))
  await turns()
  expect(job.metrics().operators.at(-1)).toMatchObject({ held: 0, entries: 0, contributed: 40 })
  expect(await alive(accumulators)).toBe(0)
  await job.stop()
})

test('does not grow with the input', async () => {
  let most = 0
  function* times(): Generator<number> {
    for (let n = 0; n < 50_000; n++) yield n
  }
  const job = run(
    fromIterable(times()).pipe(
      assignTimestamps((n) => n, boundedOutOfOrderness(50)),
      keyBy((n) => n % 3),
      window(hopping(300, 10), new CountingSum()),
    ),
    {
      name: 'watching',
      write() {
        most = Math.max(most, job.metrics().operators.at(-1)?.entries ?? Infinity)
      },
    },
    { batchSize: 64 },
  )
  const { operators } = await job.done
  // 30 slices of a window and those that are not complete, in three keys; a chunk may run ahead of the sink.
  expect(most).toBeLessThanOrEqual(3 * (30 + 8))
  expect(operators.at(-1)).toMatchObject({ entries: 0, held: 0, contributed: 50_000 })
})
