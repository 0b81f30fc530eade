// What semantics.md says of tidemark, line by line; joins have a test of their own. What it says of others is not run here.
import { expect, test } from 'vitest'
import {
  afterCount,
  afterProcessingTime,
  afterWatermark,
  calendar,
  countWindow,
  type Event,
  type Trigger,
  hopping,
  once,
  repeatedly,
  session,
  sideOutput,
  sliding,
  sum,
  tumbling,
} from '../index.ts'
import { merge, window } from '../operators/index.ts'
import { draws } from './fixtures/draws.ts'
import { tablesOf } from './fixtures/tables.ts'

const late = sideOutput<Event<number, string, undefined>>('late')
const closed = sideOutput<Event<number, string, undefined>>('closed')
const early = afterWatermark({ early: afterCount(1), late: afterCount(1) })
const retracting = window(tumbling(5), sum(), { trigger: early, accumulation: 'retracting' })

const rows: Readonly<Record<string, () => Promise<void> | void>> = {
  'watermark t': draws(
    `
    in   1@4  ~5       2@5  4@4  |
    out       [0,5)=1            [5,10)=2
    late                    L(4@4)
    `,
    ({ in: numbers }) => ({ out: numbers.pipe(window(tumbling(5), sum(), { late })), late }),
  ),
  'window complete': draws(
    `
    in   1@4  ~4  ~5
    out           [0,5)=1
    `,
    ({ in: numbers }) => ({ out: numbers.pipe(window(tumbling(5), sum())) }),
  ),
  'window expired': draws(
    `
    in    1@4  ~5       ~7  2@4       ~8  4@4
    out        [0,5)=1      [0,5)=3!
    late                                  L(4@4)
    `,
    ({ in: numbers }) => ({ out: numbers.pipe(window(tumbling(5), sum(), { late, allowedLateness: 3 })), late }),
  ),
  'late for some windows': draws(
    `
    in    1@8  ~10       2@9  |
    out        [0,10)=1       [5,15)=3
    late
    `,
    ({ in: numbers }) => ({ out: numbers.pipe(window(hopping(10, 5), sum(), { late })), late }),
  ),
  'late for all': draws(
    `
    in    ~10  1@4     |
    out
    late       L(1@4)
    `,
    ({ in: numbers }) => ({ out: numbers.pipe(window(hopping(10, 5), sum(), { late })), late }),
  ),
  'times before 1970': draws(
    `
    in   1@-1  2@-5  4@-6  |
    out                    [-10,-5)=4&[-5,0)=3
    `,
    ({ in: numbers }) => ({ out: numbers.pipe(window(tumbling(5), sum())) }),
  ),
  'several inputs': draws(
    `
    left   ~5            ~9
    right      ~3  idle
    out        ~3  ~5    ~9
    `,
    ({ left, right }) => ({ out: merge(left, right) }),
  ),
  'an idle one resumes': draws(
    `
    left   ~5        ~8           ~9      ~12
    right      idle      1@6  ~7      ~9       ~11
    out        ~5    ~8  1@6      ~9           ~11
    `,
    ({ left, right }) => ({ out: merge(left, right) }),
  ),
  'sessions that touch': draws(
    `
    in   1@0  2@5  4@9  |
    out                 [0,5)=1&[5,14)=6
    `,
    ({ in: numbers }) => ({ out: numbers.pipe(window(session(5), sum())) }),
  ),
  'late, near a session': draws(
    `
    in    1@6  ~8  2@2  4@-3     |
    out                          [2,11)=3
    late                L(4@-3)
    `,
    ({ in: numbers }) => ({ out: numbers.pipe(window(session(5), sum(), { late })), late }),
  ),
  'hop longer than size': draws(
    `
    in    1@2  2@5  4@12  |
    out                   [0,5)=1&[10,15)=4
    late
    `,
    ({ in: numbers }) => ({ out: numbers.pipe(window(hopping(5, 10), sum(), { late })), late }),
  ),
  sliding: draws(
    `
    in   1@0  2@5  4@11  |
    out                  [-5,1)=1&[0,6)=3&[1,7)=2&[6,12)=4
    `,
    ({ in: numbers }) => ({ out: numbers.pipe(window(sliding(5), sum())) }),
  ),
  'count windows': draws(
    `
    in   1@9  2@5         4@7  |
    out       [5,10)=3         [7,8)=4
    `,
    ({ in: numbers }) => ({ out: numbers.pipe(window(countWindow(2), sum())) }),
  ),
  'local days': () => {
    const days = calendar('day', 'Europe/Berlin')
    const hoursOf = (date: string): readonly number[] =>
      days.assign(Date.parse(date)).map(({ start, end }) => (end - start) / 3_600_000)
    expect([hoursOf('2024-03-31T12:00Z'), hoursOf('2024-10-27T12:00Z')]).toEqual([[23], [25]])
  },
  "a result's time": draws(
    `
    in   1@4  2@7  |
    out            [0,5)=1@4&[5,10)=2@9
    `,
    ({ in: numbers }) => ({ out: numbers.pipe(window(tumbling(5), sum())) }),
  ),
  'one that may finish': () => {
    const attempt = (trigger: Trigger) => () => window(tumbling(5), sum(), { trigger })
    expect(attempt(afterCount(1))).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
    expect(attempt(once(afterCount(1)))).not.toThrow()
  },
  'behind a finished one': draws(
    `
    in      1@0       2@1
    out     [0,5)=1?
    closed            L(2@1)
    `,
    ({ in: numbers }) => ({
      out: numbers.pipe(window(tumbling(5), sum(), { trigger: once(afterCount(1)), closed })),
      closed,
    }),
  ),
  'on time, nothing new': draws(
    `
    in     1@0       ~5
    out    [0,5)=1?  [0,5)=1
    terse  [0,5)=1?
    `,
    ({ in: numbers }) => ({
      out: numbers.pipe(window(tumbling(5), sum(), { trigger: early })),
      terse: numbers.pipe(window(tumbling(5), sum(), { trigger: early, onTime: 'if-non-empty' })),
    }),
  ),
  'last, nothing new': draws(
    `
    in     1@0  ~5       ~8
    out         [0,5)=1
    chatty      [0,5)=1  [0,5)=1!
    `,
    ({ in: numbers }) => ({
      out: numbers.pipe(window(tumbling(5), sum(), { allowedLateness: 3 })),
      chatty: numbers.pipe(window(tumbling(5), sum(), { allowedLateness: 3, closing: 'always' })),
    }),
  ),
  'never fired': draws(
    `
    in   1@0  ~5  ~8
    out           [0,5)=1!
    `,
    ({ in: numbers }) => ({
      out: numbers.pipe(window(tumbling(5), sum(), { trigger: repeatedly(afterCount(2)), allowedLateness: 3 })),
    }),
  ),
  'processing-time delay': draws(
    `
    in   !3ms  1@0  !12ms  !13ms
    out                    [0,5)=1?
    `,
    ({ in: numbers }) => ({
      out: numbers.pipe(window(tumbling(5), sum(), { trigger: repeatedly(afterProcessingTime(10)) })),
    }),
  ),
  'unless told otherwise': draws(
    `
    in   1@0       2@1
    out  [0,5)=1?  [0,5)=3?
    `,
    ({ in: numbers }) => ({ out: numbers.pipe(window(tumbling(5), sum(), { trigger: early })) }),
  ),
  retractions: draws(
    `
    in   1@0       2@1
    out  [0,5)=1?  -[0,5)=1?&[0,5)=3?
    `,
    ({ in: numbers }) => ({ out: numbers.pipe(retracting) }),
  ),
  'their order': draws(
    `
    in   x:1@0       y:4@0       x:2@1
    out  x:[0,5)=1?  y:[0,5)=4?  -x:[0,5)=1?&x:[0,5)=3?
    `,
    ({ in: numbers }) => ({ out: numbers.pipe(retracting) }),
  ),
  'sessions that merged': draws(
    `
    in   1@0  2@8  ~20               4@4
    out            [0,5)=1&[8,13)=2  -[0,5)=1&-[8,13)=2&[0,13)=7!
    `,
    ({ in: numbers }) => ({
      out: numbers.pipe(window(session(5), sum(), { allowedLateness: 20, accumulation: 'retracting' })),
    }),
  ),
  'an equal result': draws(
    `
    in   1@0       0@1
    out  [0,5)=1?  -[0,5)=1?&[0,5)=1?
    `,
    ({ in: numbers }) => ({ out: numbers.pipe(retracting) }),
  ),
}

const lines = tablesOf('docs/semantics.md').slice(0, -1).flat()

test('every line of the page is run', () => {
  expect(lines.map(({ choice }) => choice)).toEqual(Object.keys(rows))
})

test.each(Object.entries(rows))('%s', async (_, run) => {
  await run()
})
