import { describe, expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { count } from '../lib/aggregates/count.ts'
import { fold } from '../lib/aggregates/fold.ts'
import { sum } from '../lib/aggregates/sum.ts'
import { event, type Event } from '../lib/element.ts'
import { run } from '../lib/run.ts'
import type { Trigger } from '../lib/trigger.ts'
import { afterCount } from '../lib/triggers/after-count.ts'
import { afterProcessingTime } from '../lib/triggers/after-processing-time.ts'
import { afterWatermark } from '../lib/triggers/after-watermark.ts'
import { never } from '../lib/triggers/never.ts'
import { once } from '../lib/triggers/once.ts'
import { monotonous } from '../lib/watermarks/monotonous.ts'
import type { WindowAssigner } from '../lib/window.ts'
import { globalWindow } from '../lib/windows/global-window.ts'
import { hopping } from '../lib/windows/hopping.ts'
import { session } from '../lib/windows/session.ts'
import { tumbling } from '../lib/windows/tumbling.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { collect } from '../testing/collect.ts'
import { runMarbles } from '../testing/run-marbles.ts'
import { assignTimestamps, panes, values, window, type WindowOptions } from './index.ts'

const numbers = fromIterable([1, 2, 11]).pipe(assignTimestamps((n) => n, monotonous()))

describe('takes', () => {
  test('several aggregates under names', async () => {
    const pipeline = numbers.pipe(window(tumbling(10), { total: sum(), hits: count() }), values())
    expect(await collect(pipeline)).toEqual([
      { total: 3, hits: 2 },
      { total: 11, hits: 1 },
    ])
  })

  test('a stream without a key, of which there is one result a window', async () => {
    const results = await collect(numbers.pipe(window(tumbling(100), sum()), panes()))
    expect(results).toEqual([expect.objectContaining({ key: undefined, value: 14 })])
  })

  test('any assigner, which may look at the values', async () => {
    const parity: WindowAssigner<number> = {
      name: 'parity',
      assign: (_, n) => (n % 2 === 0 ? [] : [{ start: -Infinity, end: Infinity }]),
    }
    const results = await collect(numbers.pipe(window(parity, sum()), panes()))
    expect(results).toEqual([expect.objectContaining({ value: 12, timing: 'on-time', isLast: true })])
  })

  test('any assigner whose windows merge', async () => {
    const batches: WindowAssigner = {
      name: 'batches',
      assign: (time) => [{ start: time, end: time + 3 }],
      // Unlike sessions, those that touch belong together.
      merges: (a, b) => b.start <= a.end,
    }
    const { actual, expected } = await runMarbles<number>(
      `
      in   1@1  2@4  4@8  ~9       |
      out                 [1,7)=3  [8,11)=4
      `,
      ({ in: source }) => ({ out: source.pipe(window(batches, sum())) }),
    )
    expect(actual).toBe(expected)
  })

  test('a trigger of your own', async () => {
    /** Fires when the latest event is 3 behind the first. */
    const span: Trigger<{ from: number; to: number }> = {
      name: 'span',
      fires: 'any-time',
      finishes: 'never',
      create: () => ({ from: Infinity, to: -Infinity }),
      onEvent(state, time) {
        state.from = Math.min(state.from, time)
        state.to = Math.max(state.to, time)
      },
      shouldFire: ({ from, to }) => to - from >= 3,
      onFire(state) {
        state.from = state.to
        return false
      },
      merge(into, from) {
        into.from = Math.min(into.from, from.from)
        into.to = Math.max(into.to, from.to)
      },
    }
    const { actual, expected } = await runMarbles<number>(
      `
      in   1@1  2@2  4@4        8@6  16@7        |
      out            [0,10)=7?       [0,10)=31?
      `,
      ({ in: source }) => ({ out: source.pipe(window(tumbling(10), sum(), { trigger: span })) }),
    )
    expect(actual).toBe(expected)
  })

  test('a lateness that is a text', async () => {
    const pipeline = fromIterable([1_000, 20_000, 2_000, 3_000, 60_000]).pipe(
      assignTimestamps((n) => n, monotonous()),
      window(tumbling('10s'), count(), { allowedLateness: '15s' }),
      panes(),
    )
    expect((await collect(pipeline)).map(({ value, timing }) => `${value} ${timing}`)).toEqual([
      '1 on-time',
      '2 late',
      '3 late',
      '1 on-time',
      '1 on-time',
    ])
  })
})

describe('in a job', () => {
  test('can have an id, by which its metrics are found', async () => {
    const { operators } = await run(numbers.pipe(window(tumbling(10), sum(), { id: 'sums' })), () => {}).done
    expect(operators.at(-1)).toMatchObject({ id: 'sums', name: 'window', in: 3, out: 2, contributed: 3 })
  })

  test('two of one pipeline are told apart', async () => {
    const pipeline = numbers.pipe(window(tumbling(10), sum()), window(tumbling(20), sum()), values())
    expect(await collect(pipeline)).toEqual([14])
    expect((await run(pipeline, () => {}).done).operators.map(({ id }) => id)).toEqual([
      'assignTimestamps',
      'window#2',
      'window',
    ])
  })

  test.each([
    [tumbling(10), sum(), {}, undefined],
    [hopping(10, 20), sum(), {}, undefined],
    [globalWindow(), sum(), {}, undefined],
    [session(10), sum(), {}, undefined],
    [hopping(10, 5), sum(), {}, 'slices of hopping(10ms, 5ms)'],
    [
      hopping(10, 5),
      sum(),
      { trigger: never() },
      'each window of hopping(10ms, 5ms) for itself: each has a trigger, never()',
    ],
    [
      hopping(10, 5),
      sum(),
      { closing: 'always' },
      "each window of hopping(10ms, 5ms) for itself: each has a last pane, closing: 'always'",
    ],
    [
      hopping(10, 5),
      fold({ create: () => 0, add: (a: number, b: number) => a + b }),
      {},
      "each window of hopping(10ms, 5ms) for itself: fold can't merge",
    ],
  ] as const)('says how it works, where there is a choice: %#', async (windows, aggregate, options, about) => {
    const { operators } = await run(numbers.pipe(window(windows, aggregate, options)), () => {}).done
    expect(operators.at(-1)?.about).toBe(about)
  })
})

const empty: readonly (readonly [WindowOptions<number, string, undefined>, string])[] = [
  [
    {},
    `
    in   1@1  !5         ~10       ~20  |
    out       [0,10)=1?  [0,10)=1
    `,
  ],
  [
    { onTime: 'if-non-empty' },
    `
    in   1@1  !5         ~10  ~20  |
    out       [0,10)=1?
    `,
  ],
  [
    { closing: 'always' },
    `
    in   1@1  !5         ~10       ~20        |
    out       [0,10)=1?  [0,10)=1  [0,10)=1!
    `,
  ],
  [
    { onTime: 'if-non-empty', closing: 'always' },
    `
    in   1@1  !5         ~10  ~20        |
    out       [0,10)=1?       [0,10)=1!
    `,
  ],
]

test.each(empty)('lets panes leave that have nothing new as the options say: %o', async (options, diagram) => {
  const { actual, expected } = await runMarbles<number>(diagram, ({ in: source }) => ({
    out: source.pipe(
      window(tumbling(10), sum(), {
        allowedLateness: 10,
        ...options,
        trigger: afterWatermark({ early: afterProcessingTime(5), late: afterCount(1) }),
      }),
    ),
  }))
  expect(actual).toBe(expected)
})

describe('events that no window takes', () => {
  test('go to the late output if their windows have expired, and to the closed one if a trigger is finished', async () => {
    const late = sideOutput<Event<number, string, undefined>>('late')
    const closed = sideOutput<Event<number, string, undefined>>('closed')
    const { actual, expected } = await runMarbles<number>(
      `
      in      1@1       2@2     ~5  4@3     |
      out     [0,5)=1?
      late                          L(4@3)
      closed            L(2@2)
      `,
      ({ in: source }) => ({
        out: source.pipe(window(tumbling(5), sum(), { trigger: once(afterCount(1)), late, closed })),
        late,
        closed,
      }),
    )
    expect(actual).toBe(expected)
  })

  test('all go to the late output, unless there is a closed one', async () => {
    const late = sideOutput<Event<number, string, undefined>>('late')
    const { actual, expected } = await runMarbles<number>(
      `
      in    1@1       2@2     ~5  4@3     |
      out   [0,5)=1?
      late            L(2@2)      L(4@3)
      `,
      ({ in: source }) => ({
        out: source.pipe(window(tumbling(5), sum(), { trigger: once(afterCount(1)), late })),
        late,
      }),
    )
    expect(actual).toBe(expected)
  })

  test('are counted apart', async () => {
    const elements = [event(1, 1, 'a'), event(2, 2, 'a')]
    const { operators } = await run(
      fromIterable(elements).pipe(window(tumbling(5), sum(), { trigger: once(afterCount(1)) })),
      () => {},
    ).done
    expect(operators[0]).toMatchObject({ in: 2, contributed: 1, closed: 1, late: 0, held: 0 })
  })
})
