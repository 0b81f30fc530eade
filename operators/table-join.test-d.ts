// What `toTable` and `tableJoin` know from their types: a table is a changelog, and a side may be missing where the kind says so.
import type { Observable } from 'rxjs'
import { expectTypeOf, test } from 'vitest'
import { sum } from '../lib/aggregates/sum.ts'
import type { Diff, Element, Event, Stream } from '../lib/element.ts'
import type { Joined } from '../lib/joins/joined.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { aggregate, type Change, changes, tableJoin, type TableJoinKind, toTable, values } from './index.ts'

interface Order {
  readonly customer: number | undefined
}

interface Customer {
  readonly name: string
}

type Table<T, K = string> = Observable<Element<T, K, undefined, Diff>>

declare const upserts: Stream<Order | null | undefined, string>
declare const orders: Table<Order>
declare const customers: Table<Customer>
declare const byNumber: Table<Customer, number>

test('what deletes a row is no row', () => {
  expectTypeOf(upserts.pipe(toTable())).toEqualTypeOf<Table<Order>>()
  expectTypeOf(upserts.pipe(toTable({ isDelete: (order) => order.customer === undefined }))).toEqualTypeOf<
    Table<Order>
  >()
  expectTypeOf(upserts.pipe(toTable({ outOfOrder: 'ignore', keep: '1h' }))).toEqualTypeOf<Table<Order>>()
  upserts.pipe(toTable({ late: sideOutput<Event<Order | null | undefined, string>>('late') }))
  // @ts-expect-error there is no such order
  upserts.pipe(toTable({ outOfOrder: 'drop' }))
  // @ts-expect-error a table is one already
  orders.pipe(toTable())
  // @ts-expect-error what it gives may be taken back
  upserts.pipe(toTable(), values())
})

test('a side may be missing where the kind says so', () => {
  expectTypeOf(orders.pipe(tableJoin(customers))).toEqualTypeOf<Table<Joined<Order, Customer>>>()
  expectTypeOf(orders.pipe(tableJoin(customers, { id: 'join' }))).toEqualTypeOf<Table<Joined<Order, Customer>>>()
  expectTypeOf(orders.pipe(tableJoin(customers, { kind: 'inner' }))).toEqualTypeOf<Table<Joined<Order, Customer>>>()
  expectTypeOf(orders.pipe(tableJoin(customers, { kind: 'left' }))).toEqualTypeOf<
    Table<Joined<Order, Customer | undefined>>
  >()
  expectTypeOf(orders.pipe(tableJoin(customers, { kind: 'right' }))).toEqualTypeOf<
    Table<Joined<Order | undefined, Customer>>
  >()
  expectTypeOf(orders.pipe(tableJoin(customers, { kind: 'full' }))).toEqualTypeOf<
    Table<Joined<Order | undefined, Customer | undefined>>
  >()
  // What is known at run time only may miss either.
  const kind = 'inner' as TableJoinKind
  expectTypeOf(orders.pipe(tableJoin(customers, { kind }))).toEqualTypeOf<
    Table<Joined<Order | undefined, Customer | undefined>>
  >()
  // @ts-expect-error there is no such kind
  orders.pipe(tableJoin(customers, { kind: 'semi' }))
})

test('both have the same keys, unless one names those of the other', () => {
  // @ts-expect-error the key is a number
  orders.pipe(tableJoin(byNumber))
  const on = (order: Order): number | undefined => order.customer
  expectTypeOf(orders.pipe(tableJoin(byNumber, { on }))).toEqualTypeOf<Table<Joined<Order, Customer>>>()
  expectTypeOf(orders.pipe(tableJoin(byNumber, { on: (order) => order.customer }))).toEqualTypeOf<
    Table<Joined<Order, Customer>>
  >()
  expectTypeOf(orders.pipe(tableJoin(byNumber, { kind: 'left', on: (order) => order.customer }))).toEqualTypeOf<
    Table<Joined<Order, Customer | undefined>>
  >()
  // What is known at run time only may miss the right one.
  const kind = 'inner' as 'inner' | 'left'
  expectTypeOf(orders.pipe(tableJoin(byNumber, { kind, on }))).toEqualTypeOf<
    Table<Joined<Order, Customer | undefined>>
  >()
  // @ts-expect-error the keys of customers are texts
  orders.pipe(tableJoin(customers, { on }))
  // @ts-expect-error a right row alone has no left key
  orders.pipe(tableJoin(byNumber, { kind: 'right', on }))
  // @ts-expect-error a right row alone has no left key
  orders.pipe(tableJoin(byNumber, { kind: 'full', on }))
})

test('takes the tables of others, and gives one that others take', () => {
  const totals = byNumber.pipe(
    aggregate(
      sum(({ name }) => name.length),
      { keep: 'forever' },
    ),
  )
  expectTypeOf(totals.pipe(tableJoin(byNumber), changes())).toEqualTypeOf<
    Observable<Change<Joined<number, Customer>, number>>
  >()
  expectTypeOf(orders.pipe(tableJoin(customers), tableJoin(customers, { kind: 'left' }))).toEqualTypeOf<
    Table<Joined<Joined<Order, Customer>, Customer | undefined>>
  >()
})
