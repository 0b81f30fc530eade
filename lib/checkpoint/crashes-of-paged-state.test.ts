// The crashes of crashes.test.ts, where states leave memory and are read again from the checkpoint: what is written is what a job
// writes that holds all of its state, and each is seen to have left.
import type { Observable } from 'rxjs'
import { expect, test, vi } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import {
  aggregate,
  assignTimestamps,
  changes,
  deduplicate,
  keyBy,
  mapWithState,
  process,
  rateLimit,
  toTable,
} from '../../operators/index.ts'
import { sum } from '../aggregates/sum.ts'
import { mapState } from '../keyed/map-state.ts'
import type { Emit } from '../keyed/process-definition.ts'
import { valueState } from '../keyed/value-state.ts'
import { ColdKeys } from '../running/cold-keys.ts'
import { boundedOutOfOrderness } from '../watermarks/bounded-out-of-orderness.ts'
import { crashes } from './fixtures/crashes.ts'
import { type Sale, sales } from './fixtures/sales.ts'

/** Of many keys, so that most are not asked for in a while. */
const keyed = fromIterable(sales, { chunkSize: 7 }).pipe(
  assignTimestamps((sale) => sale.time, boundedOutOfOrderness(30)),
  keyBy((sale) => (sale.amount * 7) % 13),
)

const amounts = sum((sale: Sale) => sale.amount)

const pipelines: Readonly<Record<string, () => Observable<unknown>>> = {
  'aggregate, for ever': () => keyed.pipe(aggregate(amounts, { keep: 'forever' }), changes()),
  'aggregate, of keys that expire': () => keyed.pipe(aggregate(amounts, { keep: 50 }), changes()),
  'toTable, for ever': () => keyed.pipe(toTable({ keep: 'forever' }), changes()),
  mapWithState: () =>
    keyed.pipe(
      mapWithState(0, (seen, { amount }) => [seen + amount, seen], { keep: 'forever' }),
      changes(),
    ),
  'mapWithState, of keys that expire': () =>
    keyed.pipe(
      mapWithState(0, (seen, { amount }) => [seen + amount, seen], { keep: 40 }),
      changes(),
    ),
  deduplicate: () =>
    keyed.pipe(
      deduplicate(({ amount }) => amount, { within: 60 }),
      changes(),
    ),
  rateLimit: () => keyed.pipe(rateLimit(2, 70), changes()),
  'process: entries with an end': () =>
    keyed.pipe(
      process(
        {
          state: { count: valueState({ initial: 0, ttl: 80 }), shops: mapState<string, number>({ ttl: 45 }) },
          onEvent({ value }, { state: { count, shops } }, emit: Emit<unknown>) {
            emit([count.value, ...shops.entries()])
            count.set(count.value + 1)
            shops.set(value.shop, value.amount)
          },
        },
        { keep: 'forever' },
      ),
      changes(),
    ),
  'process: timers of some keys': () =>
    keyed.pipe(
      process(
        {
          state: { count: valueState({ initial: 0 }) },
          onEvent({ value, time }, { state: { count }, key, setTimer, setProcessingTimer }, emit: Emit<unknown>) {
            emit([count.value, value.amount])
            count.set(count.value + 1)
            if (key % 3 === 0) setTimer(time + 70)
            if (key % 3 === 1) setProcessingTimer(1e9)
          },
          onTimer(_, { state: { count }, key }, emit: Emit<unknown>) {
            emit([key, count.value])
            if (count.value > 4) count.clear()
          },
        },
        { keep: 100 },
      ),
      changes(),
    ),
}

test.each(Object.entries(pipelines))('%s', async (_, pipeline) => {
  const fetched = vi.spyOn(ColdKeys.prototype, 'take')
  const { expected, points, differing } = await crashes(pipeline, true)
  const found = fetched.mock.results.filter(({ value }) => value !== undefined).length
  fetched.mockRestore()
  expect({ expected: expected.length > 20, points: points > 100, found: found > 50 }).toEqual({
    expected: true,
    points: true,
    found: true,
  })
  expect(differing.slice(0, 1)).toEqual([])
})
