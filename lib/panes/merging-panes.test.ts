import { describe, expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { panes } from '../../operators/panes.ts'
import { window, type WindowOptions } from '../../operators/window.ts'
import { collect } from '../../testing/collect.ts'
import { runMarbles } from '../../testing/run-marbles.ts'
import { sum } from '../aggregates/sum.ts'
import { type Diff, type Element, event, type Event, watermark } from '../element.ts'
import { ScriptedSource } from '../fixtures/scripted-source.ts'
import { turns } from '../fixtures/turns.ts'
import { run } from '../run.ts'
import { afterCount } from '../triggers/after-count.ts'
import { once } from '../triggers/once.ts'
import { orFinally } from '../triggers/or-finally.ts'
import { repeatedly } from '../triggers/repeatedly.ts'
import type { Accumulation, WindowAssigner } from '../window.ts'
import { session } from '../windows/session.ts'
import { sideOutput } from '../wiring/side-output.ts'
import { batchesOf } from './fixtures/batches.ts'

type Options = Omit<WindowOptions<number, string, undefined, Diff>, 'late' | 'closed'>

/** Runs a diagram through sums by sessions of 10, and expects it to come out as drawn. */
async function expectSums(diagram: string, options: Options = {}): Promise<void> {
  const late = sideOutput<Event<number, string, undefined, Diff>>('late')
  const closed = sideOutput<Event<number, string, undefined, Diff>>('closed')
  const { actual, expected } = await runMarbles<number, Diff>(diagram, ({ in: source }) => ({
    out: source.pipe(window(session(10), sum(), { ...options, late, closed })),
    late,
    closed,
  }))
  expect(actual).toBe(expected)
}

const retracting = { accumulation: 'retracting' satisfies Accumulation } as const

describe('what windows that merge have given', () => {
  const trigger = repeatedly(afterCount(1))

  test('is taken back by the next result, in the order of their starts', async () => {
    await expectSums(
      `
      in   4@36        1@0        2@18        8@9                                16@27                               |
      out  [36,46)=4?  [0,10)=1?  [18,28)=2?  -[0,10)=1?&-[18,28)=2?&[0,28)=11?  -[0,28)=11?&-[36,46)=4?&[0,46)=31?
      `,
      { ...retracting, trigger },
    )
  })

  test('also by one that was closed, in that order', async () => {
    await expectSums(
      `
      in   1@0        2@1                   4@2                   8@18        16@9
      out  [0,10)=1?  -[0,10)=1?&[0,11)=3?  -[0,11)=3?&[0,12)=7?  [18,28)=8?  -[0,12)=7?&-[18,28)=8?&[0,28)=31?
      `,
      { ...retracting, trigger: once(orFinally(trigger, afterCount(3))) },
    )
  })

  test('stays, where nothing is taken back', async () => {
    await expectSums(
      `
      in   1@0        2@18        8@9         |
      out  [0,10)=1?  [18,28)=2?  [0,28)=11?
      `,
      { trigger },
    )
    await expectSums(
      `
      in   1@0        2@18        8@9        |
      out  [0,10)=1?  [18,28)=2?  [0,28)=8?
      `,
      { trigger, accumulation: 'discarding' },
    )
  })

  test('is taken back by a later result, if the first one after it does not leave', async () => {
    await expectSums(
      `
      in   1@0  2@1        4@18  8@19         16@10  32@11
      out       [0,11)=3?        [18,29)=12?         -[0,11)=3?&-[18,29)=12?&[0,29)=63?
      `,
      { ...retracting, trigger: repeatedly(afterCount(2)) },
    )
  })

  test('is taken back when the session has become empty, and then nothing is there', async () => {
    await expectSums(
      `
      in   1@0  ~10       -1@0       2@0        ~30
      out       [0,10)=1  -[0,10)=1  [0,10)=2!
      `,
      { ...retracting, allowedLateness: 20 },
    )
  })
})

describe('a session that grows', () => {
  test('is another window: its panes are counted anew', async () => {
    const elements = [
      event(1, 0, 'a'),
      watermark(10),
      event(2, 0, 'a'),
      event(4, 5, 'a'),
      watermark(15),
      event(8, 1, 'a'),
    ]
    const all = await collect(fromIterable(elements).pipe(window(session(10), sum(), { allowedLateness: 10 }), panes()))
    const pane = { key: 'a', diff: 1, isLast: false, timing: 'late' }
    expect(all).toEqual([
      {
        ...pane,
        window: { start: 0, end: 10 },
        value: 1,
        timing: 'on-time',
        index: 0,
        isFirst: true,
        nonSpeculativeIndex: 0,
      },
      { ...pane, window: { start: 0, end: 10 }, value: 3, index: 1, isFirst: false, nonSpeculativeIndex: 1 },
      {
        ...pane,
        window: { start: 0, end: 15 },
        value: 7,
        timing: 'on-time',
        index: 0,
        isFirst: true,
        nonSpeculativeIndex: 0,
      },
      { ...pane, window: { start: 0, end: 15 }, value: 15, index: 1, isFirst: false, nonSpeculativeIndex: 1 },
    ])
  })

  test('leaves the windows of results that are out as they were', async () => {
    const elements = [event(1, 0, 'a'), event(2, 5, 'a'), event(4, 12, 'a')]
    const all = await collect(
      fromIterable(elements).pipe(window(session(10), sum(), { trigger: repeatedly(afterCount(1)) }), panes()),
    )
    expect(all.map(({ window: { start, end }, value }) => [start, end, value])).toEqual([
      [0, 10, 1],
      [0, 15, 3],
      [0, 22, 7],
    ])
  })

  test('to the front is complete as it was', async () => {
    await expectSums(
      `
      in    1@5  ~15       2@0        ~25  4@4
      out        [5,15)=1  [0,15)=3!
      late                                 L(4@4)
      `,
      { allowedLateness: 10 },
    )
  })

  test('many times keeps its place among the others', async () => {
    await expectSums(`
      in   a:1@0  b:1@2  a:1@3  b:1@4  a:1@6  ~14         ~16
      out                                     b:[2,14)=2  a:[0,16)=3
    `)
  })
})

test('an event that no window is for is counted as that', async () => {
  const none: WindowAssigner = { name: 'none', assign: () => [], merges: () => false }
  const { operators } = await run(fromIterable([event(1, 5, 'a')]).pipe(window(none, sum())), () => {}).done
  expect(operators[0]).toMatchObject({ in: 1, noWindow: 1, held: 0 })
})

test('a closed session refuses what is in it, and merges into one that is open', async () => {
  await expectSums(
    `
    in      1@0        2@5     4@15        ~40
    out     [0,10)=1?          [15,25)=4?
    closed             L(2@5)
    `,
    { trigger: once(afterCount(1)) },
  )
})

describe('state', () => {
  test('is one for each session, freed when it expires or has merged', async () => {
    const source = new ScriptedSource<Element<number, string, undefined>>()
    const job = run(source.values.pipe(window(session(10), sum(), { allowedLateness: 5 })), () => {})
    const state = (): unknown => {
      const { entries, held, contributed } = job.metrics().operators[0] ?? {}
      return { entries, held, contributed }
    }
    source.give(event(1, 0, 'a'), event(1, 1, 'a'), event(1, 18, 'a'), event(1, 40, 'a'), event(1, 0, 'b'))
    await turns()
    expect(state()).toEqual({ entries: 4, held: 5, contributed: 0 })
    source.give(event(1, 9, 'a'))
    await turns()
    expect(state()).toEqual({ entries: 3, held: 6, contributed: 0 })
    source.give(watermark(32))
    await turns()
    expect(state()).toEqual({ entries: 2, held: 5, contributed: 1 })
    source.give(watermark(33))
    await turns()
    expect(state()).toEqual({ entries: 1, held: 1, contributed: 5 })
    source.give(watermark(55))
    await turns()
    expect(state()).toEqual({ entries: 0, held: 0, contributed: 6 })
    await job.stop()
  })

  test('leaves in batches when one watermark completes many', async () => {
    const elements = Array.from({ length: 1_000 }, (_, n) => event(1, n % 7, n))
    const pipeline = fromIterable(elements, { chunkSize: 1_000 }).pipe(window(session(10), sum()))
    const { values: all, longest, operator } = await batchesOf(pipeline, { batchSize: 100 })
    expect(longest).toBeLessThanOrEqual(100)
    expect(operator).toMatchObject({ in: 1_000, out: 1_000, contributed: 1_000, held: 0, entries: 0 })
    expect((await batchesOf(pipeline, { batchSize: 1 })).values).toEqual(all)
  })
})
