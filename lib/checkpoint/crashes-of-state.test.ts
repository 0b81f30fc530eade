// What keyed state and rankings hold comes back with all that decides about later results: times, orders, ends.
import type { Observable } from 'rxjs'
import { expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import {
  aggregate,
  assignTimestamps,
  changes,
  deduplicate,
  inOrder,
  keyBy,
  mapWithState,
  merge,
  process,
  rateLimit,
  topN,
  toTable,
} from '../../operators/index.ts'
import { count } from '../aggregates/count.ts'
import type { Event, Stream } from '../element.ts'
import { listState } from '../keyed/list-state.ts'
import { mapState } from '../keyed/map-state.ts'
import type { Emit } from '../keyed/process-definition.ts'
import { valueState } from '../keyed/value-state.ts'
import { boundedOutOfOrderness } from '../watermarks/bounded-out-of-orderness.ts'
import { type SideOutput, sideOutput } from '../wiring/side-output.ts'
import { crashes } from './fixtures/crashes.ts'
import { type Sale, sales } from './fixtures/sales.ts'

const timed = fromIterable(sales, { chunkSize: 7 }).pipe(
  assignTimestamps((sale) => sale.time, boundedOutOfOrderness(30)),
)

const keyed = timed.pipe(keyBy((sale) => sale.shop))

/** Many have the same time. */
const tied = fromIterable(sales, { chunkSize: 7 }).pipe(
  assignTimestamps((sale) => Math.floor(sale.time / 50) * 50, boundedOutOfOrderness(50)),
  keyBy((sale) => sale.shop),
)

type Side = SideOutput<Event<Sale, string, undefined>>

/** What an operator gives, and what it leaves out. */
function both<T>(pipeline: (side: Side) => Stream<T, string, undefined>): Observable<unknown> {
  const side: Side = sideOutput('left out')
  return merge(pipeline(side), side).pipe(changes())
}

const pipelines: Readonly<Record<string, () => Observable<unknown>>> = {
  'process: a value, and one with an end': () =>
    both((late) =>
      keyed.pipe(
        process(
          {
            state: { count: valueState({ initial: 0 }), last: valueState<number>({ ttl: 45 }) },
            onEvent({ value }, { state: { count, last } }, emit: Emit<unknown>) {
              emit([count.value, last.value ?? 'none', value.amount])
              count.set(count.value + 1)
              if (value.amount % 3 === 0) last.set(value.amount)
              if (value.amount === 16) count.clear()
            },
          },
          { keep: 90, order: 'time', late },
        ),
      ),
    ),
  'process: a map and a list, as events come': () =>
    both((late) =>
      keyed.pipe(
        process(
          {
            state: { seen: mapState<number, { at: number }>({ ttl: 70 }), amounts: listState<number>({ ttl: 75 }) },
            onEvent({ value, time }, { state: { seen, amounts }, watermark }, emit: Emit<unknown>) {
              emit([watermark, [...seen.entries()], [...amounts.values()]])
              seen.set(value.amount % 5, { at: time })
              if (value.amount % 4 === 0) seen.delete(2)
              amounts.push(value.amount)
            },
          },
          { keep: 100, late },
        ),
      ),
    ),
  'process: timers of equal times, set again, called off, and set by timers': () =>
    keyed.pipe(
      process(
        {
          onEvent(
            { time, value },
            { setTimer, clearTimer, setProcessingTimer, clearProcessingTimer },
            emit: Emit<unknown>,
          ) {
            emit(value.amount)
            setTimer(Math.ceil(time / 100) * 100, `hundred of ${value.amount % 2}`)
            setTimer(time + 35, 'again')
            if (value.amount % 7 === 0) clearTimer('again')
            setProcessingTimer(1_000_000, `clock of ${value.amount % 3}`)
            setProcessingTimer(900_000 + value.amount, 'early')
            if (value.amount % 5 === 0) clearProcessingTimer('early')
          },
          onTimer({ time, name, domain }, { key, watermark, setTimer }, emit) {
            emit([key, name, time, domain, watermark])
            if (name === 'again') setTimer(time + 20, 'after')
          },
        },
        { keep: 40, order: 'time' },
      ),
      changes(),
    ),
  'process: what is changed in place': () =>
    keyed.pipe(
      process(
        {
          state: { all: valueState({ initial: undefined as number[] | undefined }) },
          onEvent({ value }, { state: { all }, setTimer }, emit: Emit<unknown>) {
            if (all.value === undefined) all.set([])
            all.value?.push(value.amount)
            setTimer(value.time + 25)
            emit([...(all.value ?? [])])
          },
          onTimer(_, { state: { all } }, emit) {
            emit(all.value?.shift())
          },
        },
        { keep: 'forever' },
      ),
      changes(),
    ),
  mapWithState: () =>
    keyed.pipe(
      mapWithState(
        { n: 0, of: [] as readonly number[] },
        ({ n, of }, { amount }) => [{ n: n + 1, of: [...of, amount].slice(-2) }, `${n} ${of.join()}`],
        { keep: 80 },
      ),
      changes(),
    ),
  deduplicate: () =>
    both((duplicates) => keyed.pipe(deduplicate(({ amount }) => amount % 6, { within: 70, duplicates }))),
  'deduplicate, in order': () =>
    both((late) => keyed.pipe(deduplicate(({ amount }) => amount % 6, { within: 25, order: 'time', late }))),
  rateLimit: () => both((exceeding) => keyed.pipe(rateLimit(2, 110, { exceeding }))),
  'rateLimit, in order': () => keyed.pipe(rateLimit(3, 170, { order: 'time' }), changes()),
  'topN of each shop, of rows that come and go': () =>
    timed.pipe(
      keyBy(({ amount }) => amount),
      toTable({ keep: 90 }),
      topN(2, ({ time }) => time % 40, { of: ({ shop }) => shop }),
      changes(),
    ),
  'topN of all, with ties': () =>
    keyed.pipe(
      aggregate(count(), { keep: 60 }),
      topN(3, (sales) => sales, {}),
      changes(),
    ),
  inOrder: () => both((late) => keyed.pipe(inOrder({ late }))),
  'inOrder, of equal times': () => both((late) => tied.pipe(inOrder({ late }))),
}

test.each(Object.entries(pipelines))('%s', async (_, pipeline) => {
  const { expected, points, differing } = await crashes(pipeline)
  expect(expected.length).toBeGreaterThan(20)
  expect(points).toBeGreaterThan(100)
  expect(differing).toEqual([])
})
