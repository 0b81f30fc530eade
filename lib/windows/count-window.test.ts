import { describe, expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { panes } from '../../operators/panes.ts'
import { window } from '../../operators/window.ts'
import { collect as collectAll } from '../../testing/collect.ts'
import { runMarbles } from '../../testing/run-marbles.ts'
import { collect } from '../aggregates/collect.ts'
import { sum } from '../aggregates/sum.ts'
import { event } from '../element.ts'
import { run } from '../run.ts'
import { countWindow } from './count-window.ts'

/** Runs a diagram through sums by windows of events, and expects it to come out as drawn. */
async function expectSums(diagram: string, size: number, every?: number): Promise<void> {
  const { actual, expected } = await runMarbles<number>(diagram, ({ in: source }) => ({
    out: source.pipe(window(countWindow(size, every), sum())),
  }))
  expect(actual).toBe(expected)
}

describe('a result leaves with the event that fills its window', () => {
  test('under the span and the time of its events', async () => {
    await expectSums(
      `
      in   1@7  2@3      4@9  8@9        |
      out       [3,8)=3       [9,10)=12
      `,
      2,
    )
  })

  test('of each key for itself', async () => {
    await expectSums(
      `
      in   a:1@1  b:2@2  b:4@3      a:8@4
      out                b:[2,4)=6  a:[1,5)=9
      `,
      2,
    )
  })

  test('whatever the watermark is: no event is late', async () => {
    await expectSums(
      `
      in   1@7  ~100  2@3
      out             [3,8)=3
      `,
      2,
    )
  })

  test('each event, when that is one', async () => {
    await expectSums(
      `
      in   1@1      2@2
      out  [1,2)=1  [2,3)=2
      `,
      1,
    )
  })
})

describe('with one window every so many events', () => {
  test('fewer than its size: windows overlap, and the first ones are shorter', async () => {
    await expectSums(
      `
      in   1@1  2@2      4@3  8@4       16@5  32@6
      out       [1,3)=3       [1,5)=15        [3,7)=60
      `,
      4,
      2,
    )
  })

  test('fewer, and no divisor of it', async () => {
    await expectSums(
      `
      in   1@1  2@2      4@3  8@4       16@5  32@6
      out       [1,3)=3       [2,5)=14        [4,7)=56
      `,
      3,
      2,
    )
  })

  test('more than its size: those between are in no window', async () => {
    await expectSums(
      `
      in   1@1  2@2  4@3      8@4  16@5  32@6
      out            [2,4)=6             [5,7)=48
      `,
      2,
      3,
    )
    const elements = [1, 2, 3, 4, 5, 6].map((n) => event(n, n, 'a'))
    const { operators } = await run(fromIterable(elements).pipe(window(countWindow(2, 3), sum())), () => {}).done
    expect(operators[0]).toMatchObject({ in: 6, contributed: 4, noWindow: 2, held: 0, entries: 0, out: 2 })
  })
})

describe('at the end', () => {
  test('what no window has given yet leaves', async () => {
    await expectSums(
      `
      in   a:1@1  b:2@2  b:4@3  b:8@4       a:16@5  |
      out                       b:[2,5)=14          a:[1,6)=17
      `,
      3,
    )
  })

  test('marked as partial', async () => {
    const elements = [1, 2, 3].map((n) => event(n, n, 'a'))
    const all = await collectAll(fromIterable(elements).pipe(window(countWindow(2), collect()), panes()))
    const full = { timing: 'on-time', index: 0, isFirst: true, isLast: true, nonSpeculativeIndex: 0, diff: 1, key: 'a' }
    expect(all).toEqual([
      { ...full, window: { start: 1, end: 3 }, value: [1, 2] },
      { ...full, window: { start: 3, end: 4 }, value: [3], isPartial: true },
    ])
  })

  test('with those of the last events that still belong to it', async () => {
    await expectSums(
      `
      in   1@1  2@2      4@3  8@4       16@5  |
      out       [1,3)=3       [1,5)=15        [3,6)=28
      `,
      4,
      2,
    )
  })

  test('nothing leaves of events that would be in no window', async () => {
    await expectSums(
      `
      in   1@1  2@2  4@3      8@4  |
      out            [2,4)=6
      `,
      2,
      3,
    )
    await expectSums(
      `
      in   1@1  2@2  4@3      8@4  16@5  |
      out            [2,4)=6             [5,6)=16
      `,
      2,
      3,
    )
  })

  test('the window that would have come next leaves, which may not reach back as far as the last one', async () => {
    // The windows would hold events 1 to 4, 3 to 8 and so on.
    await expectSums(
      `
      in   1@1  2@2  4@3  8@4       16@5  |
      out                 [1,5)=15        [3,6)=28
      `,
      6,
      4,
    )
  })

  test('in slices of the batch size, whatever the number of keys', async () => {
    const elements = Array.from({ length: 1_000 }, (_, n) => event(n, n, n))
    const batches: number[] = []
    const { sinks, operators } = await run(
      fromIterable(elements, { chunkSize: 10 }).pipe(window(countWindow(2), sum())),
      {
        name: 'batches',
        write(batch) {
          batches.push(batch.length)
        },
      },
      { batchSize: 100 },
    ).done
    expect(Math.max(...batches)).toBeLessThanOrEqual(100)
    expect(sinks[0]?.mostBuffered).toBeLessThanOrEqual(100)
    expect(operators[0]).toMatchObject({ in: 1_000, out: 1_000, contributed: 1_000, held: 0, entries: 0 })
  })
})

test('holds the last events of a key only', async () => {
  const elements = Array.from({ length: 100 }, (_, n) => event(n, n, 'a'))
  const held: number[] = []
  const job = run(fromIterable(elements, { chunkSize: 1 }).pipe(window(countWindow(10, 5), sum())), () => {
    held.push(job.metrics().operators[0]?.held ?? Number.NaN)
  })
  await job.done
  expect(Math.max(...held)).toBe(10)
})

test.each([
  [countWindow(100), 'countWindow(100)', 100],
  [countWindow(100, 100), 'countWindow(100)', 100],
  [countWindow(100, 10), 'countWindow(100, 10)', 10],
])('has a name: %#', (windows, name, every) => {
  expect(windows).toEqual({ kind: 'count', name, size: 100, every })
})

test.each<[unknown, unknown, string]>([
  [0, undefined, 'countWindow: size must be a whole number > 0, got 0'],
  [1.5, undefined, 'countWindow: size must be a whole number > 0, got 1.5'],
  ['10', undefined, "countWindow: size must be a whole number > 0, got '10'"],
  [10, 0, 'countWindow: every must be a whole number > 0, got 0'],
  [10, Number.NaN, 'countWindow: every must be a whole number > 0, got NaN'],
  [Infinity, 1, 'countWindow: size must be a whole number > 0, got Infinity'],
])('refuses %o, %o', (size, every, message) => {
  expect(() => countWindow(size as number, every as number)).toThrow(
    expect.objectContaining({ code: 'invalid-argument', message }),
  )
})
