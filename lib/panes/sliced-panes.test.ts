import { describe, expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { assignTimestamps } from '../../operators/assign-timestamps.ts'
import { type Pane, panes } from '../../operators/panes.ts'
import { values } from '../../operators/values.ts'
import { window } from '../../operators/window.ts'
import { collect } from '../../testing/collect.ts'
import { runMarbles } from '../../testing/run-marbles.ts'
import { fold } from '../aggregates/fold.ts'
import { sum } from '../aggregates/sum.ts'
import { event, type Event, watermark } from '../element.ts'
import { run } from '../run.ts'
import { monotonous } from '../watermarks/monotonous.ts'
import type { Accumulation, TimeWindows } from '../window.ts'
import { cumulative } from '../windows/cumulative.ts'
import { hopping } from '../windows/hopping.ts'
import { sideOutput } from '../wiring/side-output.ts'
import { eachForItself } from './fixtures/each-for-itself.ts'

interface Options {
  readonly windows?: TimeWindows
  readonly allowedLateness?: number
  readonly accumulation?: Accumulation
}

/** Runs a diagram through sums in slices, and each window for itself, and expects both to come out as drawn. */
async function expectSums(diagram: string, { windows = hopping(10, 5), ...options }: Options = {}): Promise<void> {
  for (const each of [windows, eachForItself(windows)]) {
    const late = sideOutput<Event<number, string, undefined>>('late')
    const { actual, expected } = await runMarbles<number>(diagram, ({ in: source }) => ({
      out: source.pipe(window(each, sum(), { ...options, late })),
      late,
    }))
    expect(actual).toBe(expected)
  }
}

describe('windows that share slices', () => {
  test('complete one after the other, each with all that is in it', async () => {
    await expectSums(`
      in   1@1  2@7  4@12  ~4  ~5        ~10       |
      out                      [-5,5)=1  [0,10)=3  [5,15)=6&[10,20)=4
    `)
  })

  test('complete by one watermark in the order of their ends', async () => {
    await expectSums(`
      in   4@12  2@7  1@1  ~20
      out                  [-5,5)=1&[0,10)=3&[5,15)=6&[10,20)=4
    `)
  })

  test('leave out those without events, however many there are', async () => {
    await expectSums(`
      in   1@1  2@7000000000000  |
      out                        [-5,5)=1&[0,10)=1&[6999999999995,7000000000005)=2&[7000000000000,7000000000010)=2
    `)
  })

  test('keep keys apart', async () => {
    await expectSums(`
      in   a:1@1  b:2@2  a:4@6  ~10                                          b:8@7  |
      out                       a:[-5,5)=1&b:[-5,5)=2&a:[0,10)=5&b:[0,10)=2         a:[5,15)=4&b:[5,15)=8
    `)
  })

  test('may begin and end at different times of the hop', async () => {
    await expectSums(
      `
      in   1@0  2@2  4@5  ~2        ~7       |
      out                 [-5,2)=1  [0,7)=7  [5,12)=4
      `,
      { windows: hopping(7, 5) },
    )
  })

  test('may leave gaps between groups of them', async () => {
    await expectSums(
      `
      in   1@1  2@4  4@8  ~3       ~9               8@10  |
      out                 [0,3)=1  [0,6)=3&[0,9)=7        [9,12)=8&[9,15)=8&[9,18)=8
      `,
      { windows: cumulative(9, 3) },
    )
  })
})

describe('an event behind the watermark', () => {
  test('counts in the windows that have not expired', async () => {
    await expectSums(`
      in    1@1  ~6        2@2  ~10       4@3     8@9  |
      out        [-5,5)=1       [0,10)=3               [5,15)=8
      late                                L(4@3)
    `)
  })

  test('may be the first of its slice, or of its key', async () => {
    await expectSums(`
      in   a:1@12  ~11  a:2@6  b:4@7  ~15                    |
      out                             a:[5,15)=3&b:[5,15)=4  a:[10,20)=1
    `)
  })

  test('refines what is complete, with everything so far', async () => {
    await expectSums(
      `
      in   1@2  ~5        2@3        ~10       4@4                  ~15  8@4         |
      out       [-5,5)=1  [-5,5)=3!  [0,10)=3  [-5,5)=7!&[0,10)=7!       [0,10)=15!
      `,
      { allowedLateness: 10 },
    )
  })

  test('refines what is complete, with what is new', async () => {
    await expectSums(
      `
      in   1@2  ~5        2@3        ~10       4@4                  ~15  8@4        |
      out       [-5,5)=1  [-5,5)=2!  [0,10)=3  [-5,5)=4!&[0,10)=4!       [0,10)=8!
      `,
      { allowedLateness: 10, accumulation: 'discarding' },
    )
  })

  test('refines what is complete, and takes back what it gave last', async () => {
    await expectSums(
      `
      in   1@2  ~5        2@3                  ~10       4@4                                       ~15  8@4                    |
      out       [-5,5)=1  -[-5,5)=1&[-5,5)=3!  [0,10)=3  -[-5,5)=3!&[-5,5)=7!&-[0,10)=3&[0,10)=7!       -[0,10)=7!&[0,10)=15!
      `,
      { allowedLateness: 10, accumulation: 'retracting' },
    )
  })

  test('is the first pane of a window that was empty', async () => {
    await expectSums(
      `
      in   ~11  1@2                  2@2                                        |
      out       [-5,5)=1!&[0,10)=1!  -[-5,5)=1!&[-5,5)=3!&-[0,10)=1!&[0,10)=3!
      `,
      { allowedLateness: 10, accumulation: 'retracting' },
    )
  })

  test('is counted for the windows that it has come too late for', async () => {
    const elements = [event(1, 12, 'a'), watermark(11), event(2, 9, 'a'), event(4, 4, 'a'), event(8, 20, 'a')]
    for (const windows of [hopping(10, 5), eachForItself(hopping(10, 5))]) {
      const { operators } = await run(fromIterable(elements).pipe(window(windows, sum())), () => {}).done
      expect(operators[0]).toMatchObject({
        in: 4,
        late: 1,
        windowDrops: 1,
        contributed: 3,
        held: 0,
        entries: 0,
        out: 4,
      })
    }
  })

  test('of a gap is in no window, and not late', async () => {
    const { actual, expected } = await runMarbles<number>(
      `
      in   1@1  ~50              2@7  |
      out       [0,4)=1&[0,6)=1
      `,
      ({ in: source }) => ({
        out: source.pipe(window({ ...cumulative(10, 2), ...gaps }, sum())),
      }),
    )
    expect(actual).toBe(expected)
  })
})

/** [0,4) and [0,6), [10,14) and [10,16), and so on. */
const gaps: Pick<TimeWindows, 'assign' | 'series'> = {
  assign: () => [],
  series: {
    window(number) {
      const start = Math.floor(number / 2) * 10
      return { start, end: start + (number % 2 === 0 ? 4 : 6) }
    },
    slice(time) {
      const group = Math.floor(time / 10)
      const start = group * 10
      if (time < start + 4) return { start, end: start + 4, first: group * 2, last: group * 2 + 1 }
      if (time < start + 6) return { start: start + 4, end: start + 6, first: group * 2 + 1, last: group * 2 + 1 }
      return { start: start + 6, end: start + 10, first: group * 2 + 2, last: group * 2 + 1 }
    },
  },
}

test('panes say the same of themselves as those of windows that share nothing', async () => {
  const elements = [
    event(1, 2, 'a'),
    watermark(5),
    event(2, 3, 'a'),
    event(4, 4, 'a'),
    watermark(10),
    event(8, 1, 'a'),
    watermark(15),
    event(16, 8, 'a'),
    watermark(19),
    event(32, 9, 'a'),
  ]
  const all: (readonly Pane<number, string, 1 | -1>[])[] = []
  for (const windows of [hopping(10, 5), eachForItself(hopping(10, 5))]) {
    for (const accumulation of ['accumulating', 'discarding', 'retracting'] as const) {
      const pipeline = fromIterable(elements).pipe(
        window(windows, sum(), { accumulation, allowedLateness: 10 }),
        panes(),
      )
      all.push(await collect(pipeline))
    }
  }
  expect(all.slice(0, 3)).toEqual(all.slice(3))
  // On time with the first, and late with each of the four that follow in one of the windows kept.
  expect(
    all[0]?.filter(({ window: { start } }) => start === 0).map(({ index, timing }) => `${index} ${timing}`),
  ).toEqual(['0 on-time', '1 late', '2 late', '3 late'])
})

test('an accumulator may be anything, also undefined', async () => {
  const mostOdd = fold({
    create: (): number | undefined => undefined,
    add: (most: number | undefined, n: number) => (n % 2 === 0 ? most : Math.max(n, most ?? n)),
    merge: (a, b) => (a === undefined ? b : Math.max(a, b ?? a)),
    result: (most) => most ?? 'none',
  })
  // Nothing is taken back from what has just got its times.
  const numbers = fromIterable([1, 2, 3, 4, 6, 7, 8, 10]).pipe(assignTimestamps((n) => n, monotonous()))
  for (const windows of [hopping(4, 1), eachForItself(hopping(4, 1))]) {
    expect(await collect(numbers.pipe(window(windows, mostOdd), values()))).toEqual([
      1,
      1,
      3,
      3,
      3,
      3,
      7,
      7,
      7,
      7,
      'none',
      'none',
      'none',
    ])
  }
})
