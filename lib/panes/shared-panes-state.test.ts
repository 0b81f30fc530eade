import { describe, expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { assignTimestamps, keyBy, panes, values, window } from '../../operators/index.ts'
import type { Aggregate } from '../aggregate.ts'
import { count } from '../aggregates/count.ts'
import { sum } from '../aggregates/sum.ts'
import { type Element, event, watermark } from '../element.ts'
import { alive } from '../fixtures/alive.ts'
import { ScriptedSource } from '../fixtures/scripted-source.ts'
import { turns } from '../fixtures/turns.ts'
import { run } from '../run.ts'
import { boundedOutOfOrderness } from '../watermarks/bounded-out-of-orderness.ts'
import { hopping } from '../windows/hopping.ts'
import { tumbling } from '../windows/tumbling.ts'
import { eachForItself } from './fixtures/each-for-itself.ts'

describe('the state of windows that are the same for all keys', () => {
  test('is counted, and empty at the end', async () => {
    const source = new ScriptedSource<number>().give(1, 2, 11, 12, 13)
    const job = run(
      source.values.pipe(
        assignTimestamps((n) => n, boundedOutOfOrderness(10)),
        keyBy((n) => n % 2),
        window(eachForItself(hopping(10, 5)), sum()),
      ),
      () => {},
    )
    await turns()
    // Two windows each, of which those from -5 are not complete yet: 1 and 2 in two keys, 11 to 13 likewise.
    expect(job.metrics().operators.at(-1)).toMatchObject({ in: 5, held: 5, entries: 8, contributed: 0 })
    source.end()
    expect((await job.done).operators.at(-1)).toMatchObject({ in: 5, held: 0, entries: 0, contributed: 5 })
  })

  test('is freed when its window expires, though nothing follows', async () => {
    const source = new ScriptedSource<Element<number, number, undefined>>()
    const accumulators: WeakRef<object>[] = []
    const boxes: Aggregate<number, { total: number }, number> = {
      name: 'boxes',
      create() {
        const box = { total: 0 }
        accumulators.push(new WeakRef(box))
        return box
      },
      add: (box, n) => {
        box.total += n
        return box
      },
      merge: (box) => box,
      result: ({ total }) => total,
    }
    const job = run(source.values.pipe(window(eachForItself(hopping(10, 5)), boxes), values()), () => {})
    source.give(event(1, 1, 1), event(2, 2, 2))
    await turns()
    expect(await alive(accumulators)).toBe(4)
    source.give(watermark(10))
    await turns()
    expect(job.metrics().operators.at(-1)).toMatchObject({ in: 2, held: 0, entries: 0, contributed: 2 })
    expect(await alive(accumulators)).toBe(0)
    await job.stop()
  })

  test('of a job that runs for long does not grow: 1,000,000 events, 10,000 windows', async () => {
    const windows: WeakRef<object>[] = []
    let mostEntries = 0
    let mostKept = 0
    function* times(): Generator<number> {
      for (let n = 0; n < 1_000_000; n++) yield n
    }
    const job = run(
      fromIterable(times()).pipe(
        assignTimestamps((n) => n, boundedOutOfOrderness(50)),
        keyBy((n) => n % 3),
        window(tumbling(100), count()),
        panes(),
      ),
      {
        name: 'watching',
        async write(batch) {
          for (const pane of batch) windows.push(new WeakRef(pane.window))
          mostEntries = Math.max(mostEntries, job.metrics().operators.at(-1)?.entries ?? Infinity)
          if (windows.length % 6_000 < batch.length) mostKept = Math.max(mostKept, await alive(windows))
        },
      },
    )
    const metrics = await job.done
    expect(windows).toHaveLength(30_000)
    expect(mostEntries).toBeLessThanOrEqual(6)
    // Those of the batch at hand.
    expect(mostKept).toBeLessThan(100)
    expect(metrics.operators.at(-1)).toMatchObject({ in: 1_000_000, contributed: 1_000_000 })
  })
})
