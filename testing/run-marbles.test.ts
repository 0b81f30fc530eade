import { expect, test } from 'vitest'
import { sum } from '../lib/aggregates/sum.ts'
import { tumbling } from '../lib/windows/tumbling.ts'
import type { Diff, Element, Event } from '../lib/element.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { monotonous } from '../lib/watermarks/monotonous.ts'
import { aggregate, assignTimestamps, flatMap, map, merge, values, window } from '../operators/index.ts'
import { type MarblePipeline, runMarbles } from './run-marbles.ts'

async function expectRun<T, D extends Diff = 1>(diagram: string, pipeline: MarblePipeline<T, D>): Promise<void> {
  const { actual, expected } = await runMarbles(diagram, pipeline)
  expect(actual).toBe(expected)
}

test('what came out stands below what led to it', async () => {
  await expectRun<number>(
    `
    in   1@1  2@7  3@3  ~5       |
    out                 [0,5)=4  [5,10)=2
    `,
    ({ in: source }) => ({ out: source.pipe(window(tumbling(5), sum())) }),
  )
})

test('what did not come out as drawn is seen by comparing', async () => {
  const { actual, expected } = await runMarbles<number>(
    `
    in   1@1  ~5
    out       [0,5)=2
    `,
    ({ in: source }) => ({ out: source.pipe(window(tumbling(5), sum())) }),
  )
  expect(expected).toContain('[0,5)=2')
  expect(actual).toBe(expected.replace('[0,5)=2', '[0,5)=1'))
})

test('declarations are shown where the diagram has any on that line', async () => {
  const pass: MarblePipeline<number> = ({ in: source }) => ({ out: source.pipe(map((n) => n)), other: source })
  await expectRun<number>(
    `
    in     1@1  ~5  idle  2@6  |
    out    1@1  ~5  idle  2@6  |
    other  1@1            2@6
    `,
    pass,
  )
  const { actual } = await runMarbles<number>('in   1@1  ~5\nout  2@2', pass)
  expect(actual).toBe('in   1@1  ~5\nout  1@1')
})

test('an input without an end stays open: no window fires', async () => {
  await expectRun<number>(
    `
    in   1@1  2@2
    out
    `,
    ({ in: source }) => ({ out: source.pipe(window(tumbling(5), sum())) }),
  )
})

test('several inputs arrive from the top in a step', async () => {
  await expectRun<number>(
    `
    left   1@1       3@3
    right       2@2  4@4
    out    1@1  2@2  3@3&4@4
    `,
    ({ left, right }) => ({ out: merge(left, right) }),
  )
})

test('the clock moves timers and idleness, and what they lead to stands there', async () => {
  await expectRun<number>(
    `
    in   1@1     !99  !100  2@2
    out  1@1&~1       idle  2@2&~2
    `,
    ({ in: source }) => ({
      out: source.pipe(
        values(),
        assignTimestamps((n) => n, monotonous({ idleTimeout: 100 })),
      ),
    }),
  )
})

test('what is late is shown as late, and a window behind it fires at the end', async () => {
  const late = sideOutput<Event<number, string, undefined>>('late')
  await expectRun<number>(
    `
    in      1@1  ~5       2@2     |
    out          [0,5)=1
    late                  L(2@2)
    missed                        [0,10)=2
    `,
    ({ in: source }) => ({
      out: source.pipe(window(tumbling(5), sum(), { late })),
      late,
      missed: late.pipe(window(tumbling(10), sum())),
    }),
  )
})

test('what the end of a side output leads to stands where the end of the input stands', async () => {
  const late = sideOutput<Event<number, string, undefined>>('late')
  await expectRun<number>(
    `
    in1     ~5  1@1  |
    in2                        7@7  |
    out                             [5,10)=7
    missed           [0,10)=1
    `,
    ({ in1, in2 }) => ({
      out: in2.pipe(window(tumbling(5), sum())),
      missed: merge(in1.pipe(window(tumbling(5), sum(), { late })), late.pipe(window(tumbling(10), sum()))),
    }),
  )
})

test('an input line may take values back, if the streams may', async () => {
  await expectRun<number, Diff>(
    `
    in      1@1   2@2        -1@1       |
    out     10@1  20@2       -10@1
    totals  1@1   -1@1&3@2   -3@2&2@1
    `,
    ({ in: source }) => ({
      out: source.pipe(map((n) => n * 10)),
      totals: source.pipe(aggregate(sum(), { keep: '1h' })),
    }),
  )
})

test('an error of the job is shown on every output', async () => {
  await expectRun<number>(
    `
    in     1@1  2@2        3@3
    out    1@1  #callback
    other  1@1  #callback
    `,
    ({ in: source }) => ({
      out: source.pipe(
        map((n) => {
          if (n === 2) throw new Error('boom')
          return n
        }),
      ),
      other: source.pipe(map((n) => n)),
    }),
  )
})

test('results of several events of one step stand in their order', async () => {
  await expectRun<number>(
    `
    in   3@1
    out  3@1&2@1&1@1
    `,
    ({ in: source }) => ({ out: source.pipe(flatMap((n) => Array.from({ length: n }, (_, i) => n - i))) }),
  )
})

test('an output that the pipeline does not give is an error', async () => {
  expect(await failureOf(runMarbles('in  1@1\nout 1@1', () => ({})))).toMatchObject({
    code: 'invalid-argument',
    message: "runMarbles: expected the pipeline to give a stream for the line 'out', got none",
  })
})

test('a diagram that can not be read is an error', async () => {
  const pipeline = (): Record<string, never> => ({})
  expect(await failureOf(runMarbles<Element<number>>('in  1@', pipeline))).toMatchObject({ code: 'invalid-argument' })
})
