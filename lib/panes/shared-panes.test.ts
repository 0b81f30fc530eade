import { from } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { keyBy, type Pane, panes, values, window } from '../../operators/index.ts'
import { collect } from '../../testing/collect.ts'
import { runMarbles } from '../../testing/run-marbles.ts'
import type { Aggregate } from '../aggregate.ts'
import { count } from '../aggregates/count.ts'
import { sum } from '../aggregates/sum.ts'
import { hopping } from '../windows/hopping.ts'
import { tumbling } from '../windows/tumbling.ts'
import { type Diff, type Element, event, type Event, watermark } from '../element.ts'
import { failureOf } from '../fixtures/failure.ts'
import { route, run } from '../run.ts'
import { sideOutput } from '../wiring/side-output.ts'
import { eachForItself } from './fixtures/each-for-itself.ts'

type Late = Event<number, string, undefined>

/** Runs a diagram through sums by windows, and expects it to come out as drawn. */
async function expectSums(diagram: string, assigner = tumbling(5), allowedLateness = 0): Promise<void> {
  const late = sideOutput<Late>('late')
  const { actual, expected } = await runMarbles<number>(diagram, ({ in: source }) => ({
    out: source.pipe(window(assigner, sum(), { allowedLateness, late })),
    late,
  }))
  expect(actual).toBe(expected)
}

describe('completion', () => {
  test('comes when the watermark reaches the end, not 1 ms before', async () => {
    await expectSums(`
      in    1@0  2@4  4@5  ~4  ~5       ~6  |
      out                      [0,5)=3      [5,10)=4
      late
    `)
  })

  test('of several windows by one watermark leaves in the order of their ends', async () => {
    await expectSums(`
      in    1@12  2@2  4@7  ~20                     |
      out                   [0,5)=2&[5,10)=4&[10,15)=1
      late
    `)
  })

  test('of several keys leaves in the order of their first events', async () => {
    await expectSums(`
      in    b:1@1  a:2@2  b:4@3  ~5                   |
      out                        b:[0,5)=5&a:[0,5)=2
      late
    `)
  })

  test('of the same window for the same key comes once, whatever the watermark does', async () => {
    await expectSums(`
      in    1@1  ~5       ~5  ~7  |
      out        [0,5)=1
      late
    `)
  })

  test('of windows of times before the epoch', async () => {
    await expectSums(`
      in    1@-1  2@-5  4@-6  ~-5         |
      out                     [-10,-5)=4  [-5,0)=3
      late
    `)
  })
})

describe('lateness', () => {
  test('begins when the window has expired, not when it is complete', async () => {
    await expectSums(
      `
      in    1@1  ~5       2@2       ~7  4@3       ~8  8@4     |
      out        [0,5)=1  [0,5)=3!      [0,5)=7!
      late                                            L(8@4)
      `,
      tumbling(5),
      3,
    )
  })

  test('behind the watermark is none while a window is open', async () => {
    await expectSums(`
      in    1@4  ~4  2@0  |
      out                 [0,5)=3
      late
    `)
  })

  test('of a window that never had an event in time: the late pane is its first', async () => {
    await expectSums(
      `
      in    ~6  1@1       2@1       |
      out       [0,5)=1!  [0,5)=3!
      late
      `,
      tumbling(5),
      3,
    )
  })

  test('of a new key in a complete window', async () => {
    await expectSums(
      `
      in    a:1@1  ~5         b:2@2       |
      out          a:[0,5)=1  b:[0,5)=2!
      late
      `,
      tumbling(5),
      3,
    )
  })

  test('for some of its windows drops an event from those only, and counts that', async () => {
    const late = sideOutput<Late>('late')
    const elements = [event(1, 12, 'a'), watermark(11), event(2, 9, 'a'), event(4, 4, 'a'), event(8, 20, 'a')]
    const taken: string[] = []
    const behind: Late[] = []
    const metrics = await run([
      route(
        fromIterable(elements).pipe(window(eachForItself(hopping(10, 5)), sum(), { late }), panes()),
        ({ window: { start }, value }) => void taken.push(`${start}=${value}`),
      ),
      route(late, (each) => void behind.push(each)),
    ]).done
    // 9 is in [0,10), which has expired, and in [5,15).
    expect(taken).toEqual(['5=3', '10=1', '15=8', '20=8'])
    expect(behind).toEqual([event(4, 4, 'a')])
    expect(metrics.operators[0]).toMatchObject({ in: 4, late: 1, windowDrops: 1, contributed: 3, held: 0, entries: 0 })
  })
})

test('an event in a gap between windows is counted, and is not late', async () => {
  const late = sideOutput<Late>('late')
  const elements = [
    event(1, 4, 'a'),
    event(2, 5, 'a'),
    event(4, 9, 'a'),
    watermark(100),
    event(8, 15, 'a'),
    event(16, 3, 'a'),
  ]
  const behind: Late[] = []
  const taken: number[] = []
  const metrics = await run([
    route(fromIterable(elements).pipe(window(hopping(5, 10), sum(), { late }), values()), (n) => void taken.push(n)),
    route(late, (each) => void behind.push(each)),
  ]).done
  expect(taken).toEqual([1])
  expect(behind).toEqual([event(16, 3, 'a')])
  expect(metrics.operators[0]).toMatchObject({ in: 5, contributed: 1, noWindow: 3, late: 1 })
})

describe('panes', () => {
  test('say when they left, and which of their window they are', async () => {
    const elements = [
      event(1, 1, 'a'),
      watermark(5),
      event(2, 2, 'a'),
      event(4, 3, 'a'),
      event(8, 4, 'b'),
      watermark(20),
    ]
    const all = await collect(from(elements).pipe(window(tumbling(5), sum(), { allowedLateness: 5 }), panes()))
    const pane = (key: string, value: number, rest: Partial<Pane<number, string>>): unknown => ({
      window: { start: 0, end: 5 },
      key,
      value,
      timing: 'late',
      index: 0,
      isFirst: false,
      isLast: false,
      nonSpeculativeIndex: 0,
      diff: 1,
      ...rest,
    })
    expect(all).toEqual([
      pane('a', 1, { timing: 'on-time', isFirst: true }),
      pane('a', 3, { index: 1, nonSpeculativeIndex: 1 }),
      pane('a', 7, { index: 2, nonSpeculativeIndex: 2 }),
      pane('b', 8, { isFirst: true }),
    ])
  })

  test('are the last where nothing can follow', async () => {
    const isLast = async (
      allowedLateness: number,
      ...rest: readonly ReturnType<typeof watermark>[]
    ): Promise<boolean[]> => {
      const elements = from([event(1, 1, 'a'), ...rest])
      return (await collect(elements.pipe(window(tumbling(5), sum(), { allowedLateness }), panes()))).map(
        (pane) => pane.isLast,
      )
    }
    expect(await isLast(0, watermark(5))).toEqual([true])
    expect(await isLast(3, watermark(5))).toEqual([false])
    expect(await isLast(3, watermark(7))).toEqual([false])
    expect(await isLast(3, watermark(8))).toEqual([true])
    expect(await isLast(3)).toEqual([true])
  })

  test('go into a second window of the same size where they came from', async () => {
    const elements = [event(1, 0, 'a'), event(2, 4, 'b'), event(4, 5, 'a')]
    const pipeline = from(elements).pipe(
      window(tumbling(5), sum()),
      keyBy(() => 'all'),
      window(tumbling(5), sum()),
      panes(),
    )
    expect((await collect(pipeline)).map(({ window: { start }, value }) => [start, value])).toEqual([
      [0, 3],
      [5, 4],
    ])
  })
})

describe('retractions', () => {
  const elements = from<Element<number, string, undefined, Diff>[]>([
    event(5, 1, 'a'),
    event(3, 2, 'a'),
    event(5, 3, 'a', -1),
  ])

  test('take a value back', async () => {
    expect(await collect(elements.pipe(window(tumbling(5), sum()), values()))).toEqual([3])
    expect(await collect(elements.pipe(window(tumbling(5), count()), values()))).toEqual([1])
  })

  test('are an error for an aggregate that can not', async () => {
    const highest: Aggregate<number, number, number> = {
      name: 'highest',
      create: () => -Infinity,
      add: Math.max,
      merge: Math.max,
      result: (n) => n,
    }
    expect(await failureOf(collect(elements.pipe(window(tumbling(5), highest as never))))).toMatchObject({
      code: 'unsupported',
      message: "window: highest can't take a retraction back; give it a 'retract' function (key 'a', event time 3)",
    })
  })
})
