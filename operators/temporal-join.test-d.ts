// What `temporalJoin` knows from its types: a row may be missing if the join is a left one, and only what is kept can delete.
import type { Observable } from 'rxjs'
import { expectTypeOf, test } from 'vitest'
import type { Diff, Element, Event, Stream } from '../lib/element.ts'
import type { Joined } from '../lib/joins/joined.ts'
import { tumbling } from '../lib/windows/tumbling.ts'
import { count } from '../lib/aggregates/count.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { keyBy, map, temporalJoin, type TemporalJoinKind, values, window } from './index.ts'

interface Order {
  readonly item: string
}

interface Price {
  readonly amount: number
}

type Of<L, R> = Observable<Element<Joined<L, R>, string, undefined>>

declare const orders: Stream<Order, string>
declare const prices: Stream<Price | null, string>
declare const undefinedDeletes: Stream<Price | undefined, string>
declare const neverDeleted: Stream<Price, string>
declare const revised: Stream<Price, string, undefined, Diff>
declare const byNumber: Stream<Price, number>

test('an inner join gives both, a left one may miss the row', () => {
  expectTypeOf(orders.pipe(temporalJoin(prices))).toEqualTypeOf<Of<Order, Price>>()
  expectTypeOf(orders.pipe(temporalJoin(prices, { kind: 'inner' }))).toEqualTypeOf<Of<Order, Price>>()
  expectTypeOf(orders.pipe(temporalJoin(prices, { versions: 'latest' }))).toEqualTypeOf<Of<Order, Price>>()
  expectTypeOf(orders.pipe(temporalJoin(prices, { kind: 'left' }))).toEqualTypeOf<Of<Order, Price | undefined>>()
  expectTypeOf(orders.pipe(temporalJoin(prices, { kind: 'left', versions: 'latest' }))).toEqualTypeOf<
    Of<Order, Price | undefined>
  >()
  // What is known at run time only may miss it.
  const kind = 'inner' as TemporalJoinKind
  expectTypeOf(orders.pipe(temporalJoin(prices, { kind }))).toEqualTypeOf<Of<Order, Price | undefined>>()
  // @ts-expect-error there is no such kind
  orders.pipe(temporalJoin(prices, { kind: 'right' }))
  // @ts-expect-error a row that no event asks for is not told
  orders.pipe(temporalJoin(prices, { kind: 'full' }))
  // @ts-expect-error there are no such versions
  orders.pipe(temporalJoin(prices, { versions: 'all' }))
})

test('what deletes a row is no row', () => {
  expectTypeOf(orders.pipe(temporalJoin(undefinedDeletes))).toEqualTypeOf<Of<Order, Price>>()
  expectTypeOf(orders.pipe(temporalJoin(neverDeleted))).toEqualTypeOf<Of<Order, Price>>()
  expectTypeOf(orders.pipe(temporalJoin(neverDeleted, { kind: 'left' }))).toEqualTypeOf<Of<Order, Price | undefined>>()
})

test('the stream may have values that are nothing', () => {
  expectTypeOf(prices.pipe(temporalJoin(neverDeleted))).toEqualTypeOf<Of<Price | null, Price>>()
})

test('both have the same keys', () => {
  expectTypeOf(
    orders.pipe(
      keyBy((order) => order.item.length),
      temporalJoin(byNumber),
      values(),
    ),
  ).toEqualTypeOf<Observable<Joined<Order, Price>>>()
  // @ts-expect-error the key is a number
  orders.pipe(temporalJoin(byNumber))
})

test('neither takes anything back', () => {
  // @ts-expect-error a table is told by rows and deletes
  orders.pipe(temporalJoin(revised))
  // @ts-expect-error what has been joined is not taken back
  revised.pipe(temporalJoin(prices))
})

test('results of windows are joined, too, and what comes out is in none', () => {
  expectTypeOf(orders.pipe(window(tumbling('1h'), count()), temporalJoin(prices))).toEqualTypeOf<Of<number, Price>>()
  const perHour = neverDeleted.pipe(window(tumbling('1h'), count()))
  expectTypeOf(orders.pipe(temporalJoin(perHour))).toEqualTypeOf<Of<Order, number>>()
})

test('the values flow into what follows', () => {
  expectTypeOf(
    orders.pipe(
      temporalJoin(prices),
      map(({ left, right }) => `${left.item}: ${right.amount}`),
      values(),
    ),
  ).toEqualTypeOf<Observable<string>>()
})

test('the outputs for what is late are of the events of their side', () => {
  const lateLeft = sideOutput<Event<Order, string>>('late orders')
  const lateRight = sideOutput<Event<Price | null, string>>('late prices')
  orders.pipe(temporalJoin(prices, { lateLeft, lateRight }))
  // @ts-expect-error a price is no order
  orders.pipe(temporalJoin(prices, { lateLeft: lateRight }))
  // @ts-expect-error an order is no price
  orders.pipe(temporalJoin(prices, { lateRight: lateLeft }))
})
