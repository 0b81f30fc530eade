// A job dies in front of each step that somebody outside could see, and is run again: what it has written in the end is what an
// uninterrupted run writes.
import type { Observable } from 'rxjs'
import { expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { aggregate, assignTimestamps, changes, keyBy, toTable } from '../../operators/index.ts'
import { sum } from '../aggregates/sum.ts'
import { boundedOutOfOrderness } from '../watermarks/bounded-out-of-orderness.ts'
import { crashes } from './fixtures/crashes.ts'
import { type Sale, sales } from './fixtures/sales.ts'

const keyed = fromIterable(sales, { chunkSize: 7 }).pipe(
  assignTimestamps((sale) => sale.time, boundedOutOfOrderness(30)),
  keyBy((sale) => sale.shop),
)

const amounts = sum((sale: Sale) => sale.amount)

const pipelines: Readonly<Record<string, () => Observable<unknown>>> = {
  aggregate: () => keyed.pipe(aggregate(amounts, { keep: 50 }), changes()),
  // What an operator says at its end must not be said twice: it is torn down before the last checkpoint is taken.
  'a stream as it is, with its watermarks': () => keyed.pipe(aggregate(amounts, { keep: 50 })),
  'toTable, which is late with what is older': () => keyed.pipe(toTable({ keep: 40, outOfOrder: 'ignore' }), changes()),
}

test.each(Object.entries(pipelines))('%s', async (_, pipeline) => {
  const { expected, points, differing } = await crashes(pipeline)
  expect(expected.length).toBeGreaterThan(20)
  expect(points).toBeGreaterThan(100)
  expect(differing).toEqual([])
})
