// Every diagram in the doc comments of the operators is run, and must come out as it is drawn.
import { readdirSync, readFileSync } from 'node:fs'
import { scan } from 'rxjs'
import { expect, test } from 'vitest'
import { sum } from '../lib/aggregates/sum.ts'
import { tumbling } from '../lib/windows/tumbling.ts'
import type { Diff, Event, Stream } from '../lib/element.ts'
import { begin } from '../lib/patterns/begin.ts'
import { valueState } from '../lib/keyed/value-state.ts'
import type { Emit } from '../lib/keyed/process-definition.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { boundedOutOfOrderness } from '../lib/watermarks/bounded-out-of-orderness.ts'
import { type MarblePipeline, runMarbles } from '../testing/run-marbles.ts'
import {
  aggregate,
  assignTimestamps,
  coGroup,
  compact,
  detect,
  deduplicate,
  filter,
  flatMap,
  inOrder,
  intervalJoin,
  keyBy,
  lift,
  map,
  mapWithState,
  merge,
  type TimedOut,
  process,
  rateLimit,
  topN,
  values,
  window,
  windowJoin,
} from './index.ts'
import { tableJoin } from './table-join.ts'
import { temporalJoin } from './temporal-join.ts'
import { toTable } from './to-table.ts'

const late = sideOutput<Event<number, string, undefined>>('late')
const sizes = begin('small', (n: number) => n < 3)
  .followedBy('large', (n) => n > 7)
  .within(10)
const timedOut = sideOutput<Event<TimedOut<typeof sizes>, string, undefined>>('timed out')

/** What the diagrams of a file show. */
const pipelines: Readonly<Record<string, MarblePipeline<number>>> = {
  'aggregate.ts': ({ in: source }) => ({ out: source.pipe(aggregate(sum(), { keep: 'forever' })) }),
  'assign-timestamps.ts': ({ in: source }) => ({
    out: source.pipe(
      values(),
      assignTimestamps((n) => n, boundedOutOfOrderness(2)),
    ),
  }),
  'co-group.ts': ({ left, right }) => ({
    out: left.pipe(coGroup(right, tumbling(5), { lateLeft: late })),
    late,
  }),
  'compact.ts': ({ in: source }) => ({ out: (source as Stream<number, string, undefined, Diff>).pipe(compact(10)) }),
  'deduplicate.ts': ({ in: source }) => ({
    out: source.pipe(deduplicate((n) => n, { within: 5, duplicates: late })),
    duplicates: late,
  }),
  'detect.ts': ({ in: source }) => ({
    out: source.pipe(detect(sizes, { late, timedOut })),
    late,
    timedOut,
  }),
  'filter.ts': ({ in: source }) => ({ out: source.pipe(filter((n) => n > 1)) }),
  'flat-map.ts': ({ in: source }) => ({ out: source.pipe(flatMap((n) => [n, n * n])) }),
  'in-order.ts': ({ in: source }) => ({ out: source.pipe(inOrder({ late })), late }),
  'interval-join.ts': ({ left, right }) => ({
    out: left.pipe(intervalJoin(right, 0, 2, { kind: 'left', lateRight: late })),
    late,
  }),
  'key-by.ts': ({ in: source }) => ({ out: source.pipe(keyBy((n) => (n % 2 === 0 ? 'even' : 'odd'))) }),
  'lift.ts': ({ in: source }) => ({ out: source.pipe(lift(scan((total, n) => total + n, 0))) }),
  'map.ts': ({ in: source }) => ({ out: source.pipe(map((n) => n * n)) }),
  'map-with-state.ts': ({ in: source }) => ({
    out: source.pipe(mapWithState(0, (total, n) => [total + n, total + n], { keep: 5, late })),
    late,
  }),
  'merge.ts': ({ in1, in2 }) => ({ out: merge(in1, in2) }),
  'process.ts': ({ in: source }) => ({
    out: source.pipe(
      process(
        {
          state: { hits: valueState({ initial: 0 }) },
          onEvent({ time }, { state, setTimer }) {
            state.hits.set(state.hits.value + 1)
            setTimer(time + 5)
          },
          onTimer(_, { state }, emit: Emit<number>) {
            emit(state.hits.value)
            state.hits.clear()
          },
        },
        { keep: '1h' },
      ),
    ),
  }),
  'rate-limit.ts': ({ in: source }) => ({
    out: source.pipe(rateLimit(2, 5, { exceeding: late })),
    exceeding: late,
  }),
  'table-join.ts': ({ left, right }) => ({
    out: left.pipe(toTable(), tableJoin(right.pipe(toTable()), { kind: 'left' })),
  }),
  'temporal-join.ts': ({ left, right }) => ({
    out: left.pipe(temporalJoin(right, { kind: 'left', lateLeft: late })),
    late,
  }),
  'top-n.ts': ({ in: source }) => ({
    out: source.pipe(
      toTable(),
      topN(1, (n) => n),
    ),
  }),
  'to-table.ts': ({ in: source }) => ({ out: source.pipe(toTable()) }),
  'window-join.ts': ({ left, right }) => ({
    out: left.pipe(windowJoin(right, tumbling(5), { kind: 'left', lateRight: late })),
    late,
  }),
  'window.ts': ({ in: source }) => ({ out: source.pipe(window(tumbling(5), sum(), { late })), late }),
}

const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.ts') && !file.includes('.test'))
const diagrams = files.flatMap((file) => {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8')
  return [...text.matchAll(/```marbles\n(.*?)```/gs)].map(([, fence = '']) => ({
    file,
    diagram: fence.replaceAll(/^ \* ?/gm, ''),
  }))
})

test.each(diagrams)('the diagram of $file runs as it is drawn', async ({ file, diagram }) => {
  const pipeline = pipelines[file]
  if (pipeline === undefined) throw new Error(`no pipeline for the diagram in ${file}`)
  const { actual, expected } = await runMarbles(diagram, pipeline)
  expect(actual).toBe(expected)
})

test('there is a diagram for every pipeline named here', () => {
  expect(new Set(diagrams.map(({ file }) => file))).toEqual(new Set(Object.keys(pipelines)))
})
