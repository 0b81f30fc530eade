// Joins and tables of two sources, one of which brings more at once than the other, go on where they were.
import type { Observable } from 'rxjs'
import { expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import {
  aggregate,
  assignTimestamps,
  changes,
  coGroup,
  compact,
  filter,
  intervalJoin,
  keyBy,
  map,
  process,
  tableJoin,
  temporalJoin,
  toTable,
  values,
  windowJoin,
} from '../../operators/index.ts'
import { sum } from '../aggregates/sum.ts'
import type { Emit } from '../keyed/process-definition.ts'
import { boundedOutOfOrderness } from '../watermarks/bounded-out-of-orderness.ts'
import { hopping } from '../windows/hopping.ts'
import { session } from '../windows/session.ts'
import { tumbling } from '../windows/tumbling.ts'
import { crashes } from './fixtures/crashes.ts'
import { type Sale, sales } from './fixtures/sales.ts'

/** What a shop costs from a time on; null when it closes. */
interface Rent {
  readonly time: number
  readonly shop: string
  readonly rent: number | null
}

const rents: readonly Rent[] = Array.from({ length: 36 }, (_, i) => ({
  time: i * 17 - ((i * 5) % 4) * 14,
  shop: 'abcd'.charAt((i * 7) % 4),
  rent: i % 5 === 3 ? null : (i * 11) % 9,
}))

const sold = fromIterable(sales, { chunkSize: 7 }).pipe(
  assignTimestamps((sale) => sale.time, boundedOutOfOrderness(30)),
  keyBy((sale) => sale.shop),
)

const rented = fromIterable(rents, { chunkSize: 3 }).pipe(
  assignTimestamps((rent) => rent.time, boundedOutOfOrderness(20)),
  keyBy(({ shop }) => shop),
)

const rentRows = rented.pipe(map(({ rent }) => rent))

/** Many of one time, and many late. */
const coarse = fromIterable(sales, { chunkSize: 7 }).pipe(
  assignTimestamps((sale) => Math.floor(sale.time / 25) * 25, boundedOutOfOrderness(10)),
  keyBy((sale) => sale.shop),
)

/** Every other sale is between two that have been apart so far. */
const bridged = fromIterable(
  sales.map((sale, i) => ({ ...sale, time: (i % 2 === 0 ? i : i - 23) * 20, shop: 'ab'.charAt((i >> 1) % 2) })),
  { chunkSize: 7 },
).pipe(
  assignTimestamps((sale) => sale.time, boundedOutOfOrderness(600)),
  keyBy((sale) => sale.shop),
)

/** Every other change deletes. */
const closing = rented.pipe(map(({ rent, time }) => (time % 2 === 0 ? null : rent)))

/** The last sale of each shop; those of few pieces take it away. */
const lastSales = sold.pipe(
  map((sale) => (sale.amount < 4 ? null : sale)),
  toTable(),
)

const lastRents = rentRows.pipe(toTable({ outOfOrder: 'ignore' }))

/** The last sale of each amount, which names its shop, or none. */
const byAmount = fromIterable(sales, { chunkSize: 7 }).pipe(
  assignTimestamps((sale) => sale.time, boundedOutOfOrderness(30)),
  keyBy((sale) => sale.amount),
  toTable(),
)

const amounts = sum((sale: Sale) => sale.amount)

const pipelines: Readonly<Record<string, () => Observable<unknown>>> = {
  'temporalJoin, versioned': () => sold.pipe(temporalJoin(rentRows), values()),
  'temporalJoin, versioned, left, with many of one time': () =>
    sold.pipe(
      map((sale) => sale.amount),
      temporalJoin(rented.pipe(map(({ rent, time }) => (rent === null ? null : { rent, time }))), { kind: 'left' }),
      values(),
    ),
  'temporalJoin, versioned, of events that are late for rows that are gone': () =>
    coarse.pipe(temporalJoin(closing, { kind: 'left' }), values()),
  'intervalJoin, of events of one time': () => coarse.pipe(intervalJoin(coarse, -25, 50, { kind: 'full' }), values()),
  'temporalJoin, latest': () => sold.pipe(temporalJoin(rentRows, { versions: 'latest', kind: 'left' }), values()),
  'toTable, in which rows expire': () => rentRows.pipe(toTable({ keep: 25 }), changes()),
  'toTable, in which deletes are forgotten': () =>
    rentRows.pipe(toTable({ outOfOrder: 'ignore', keep: 60 }), changes()),
  'compact, of rows that come and go': () => lastSales.pipe(compact(90), changes()),
  'compact, of sums': () => sold.pipe(aggregate(amounts, { keep: 200 }), compact(70), changes()),
  ...Object.fromEntries<() => Observable<unknown>>(
    (['inner', 'left', 'right', 'full'] as const).map((kind) => [
      `tableJoin, ${kind}`,
      () => lastSales.pipe(tableJoin(lastRents, { kind }), changes()),
    ]),
  ),
  ...Object.fromEntries<() => Observable<unknown>>(
    (['inner', 'left', 'right', 'full'] as const).map((kind) => [
      `intervalJoin, ${kind}`,
      () => sold.pipe(intervalJoin(rented, -25, 40, { kind }), values()),
    ]),
  ),
  'intervalJoin, of what is taken back': () =>
    lastSales.pipe(intervalJoin(sold.pipe(aggregate(amounts, { keep: 50 })), -30, 20), changes()),
  ...Object.fromEntries<() => Observable<unknown>>(
    Object.entries({
      tumbling: tumbling(50),
      hopping: hopping(60, 20),
      session: session(25),
      'short session': session(14),
    }).flatMap(([name, windows]) => [
      [`windowJoin, ${name}`, () => sold.pipe(windowJoin(rented, windows, { kind: 'full' }), values())],
      [`coGroup, ${name}`, () => sold.pipe(coGroup(rented, windows), values())],
    ]),
  ),
  'windowJoin, sessions of which one event makes one': () => bridged.pipe(windowJoin(rented, session(50)), values()),
  'coGroup, sessions of which one event makes one': () => bridged.pipe(coGroup(rented, session(50)), values()),
  // A watermark that comes without an event finds windows that a run before has opened.
  ...Object.fromEntries<() => Observable<unknown>>(
    Object.entries({ tumbling: tumbling(50), session: session(25) }).map(([name, windows]) => [
      `windowJoin, ${name}, of few events among many`,
      () =>
        sold.pipe(
          filter((sale) => sale.time % 300 < 100),
          windowJoin(rented.pipe(filter((rent) => rent.time % 300 < 100)), windows, { kind: 'full' }),
          process(
            { onEvent: (row, { watermark }, emit: Emit<unknown>) => emit([watermark, row.value]) },
            { keep: 500 },
          ),
          values(),
        ),
    ]),
  ),
  'joins behind each other': () =>
    sold.pipe(
      temporalJoin(rentRows, { kind: 'left' }),
      intervalJoin(rented, -15, 15, { kind: 'left' }),
      map(({ left, right }) => (right === undefined ? null : { sale: left.left, rent: left.right, next: right })),
      toTable(),
      tableJoin(lastRents, { kind: 'full' }),
      compact(40),
      changes(),
    ),
  'tableJoin on a foreign key': () => byAmount.pipe(tableJoin(lastRents, { on: ({ shop }) => shop }), changes()),
  'tableJoin on a foreign key, left': () =>
    byAmount.pipe(tableJoin(lastRents, { on: ({ shop }) => (shop === 'b' ? null : shop), kind: 'left' }), changes()),
}

test.each(Object.entries(pipelines))('%s', async (_, pipeline) => {
  const { expected, points, differing } = await crashes(pipeline)
  expect(expected.length).toBeGreaterThan(20)
  expect(points).toBeGreaterThan(100)
  expect(differing).toEqual([])
})
