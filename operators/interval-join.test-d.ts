// The side that may be missing may be `undefined`, for each kind; and only an inner join takes what may be taken back.
import type { Observable } from 'rxjs'
import { expectTypeOf, test } from 'vitest'
import type { Diff, Element, Event, Stream } from '../lib/element.ts'
import type { Joined } from '../lib/joins/joined.ts'
import type { PaneInfo } from '../lib/window.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { changes, intervalJoin, type IntervalJoinKind, map, values } from './index.ts'

interface Order {
  readonly amount: number
}

declare const orders: Stream<Order, string, undefined>
declare const payments: Stream<bigint, string, PaneInfo>
declare const revisedOrders: Stream<Order, string, undefined, Diff>
declare const revisedPayments: Stream<bigint, string, PaneInfo, Diff>
declare const byNumber: Stream<bigint, number, undefined>

type Pairs<L, R, D extends Diff = 1> = Observable<Element<Joined<L, R>, string, undefined, D>>

test('inner, which is the default, has both', () => {
  expectTypeOf(orders.pipe(intervalJoin(payments, 0, '1h'))).toEqualTypeOf<Pairs<Order, bigint>>()
  expectTypeOf(orders.pipe(intervalJoin(payments, 0, '1h', {}))).toEqualTypeOf<Pairs<Order, bigint>>()
  expectTypeOf(orders.pipe(intervalJoin(payments, 0, '1h', { kind: 'inner' }))).toEqualTypeOf<Pairs<Order, bigint>>()
})

test('left, right and full may lack the other', () => {
  expectTypeOf(orders.pipe(intervalJoin(payments, 0, 1, { kind: 'left' }))).toEqualTypeOf<
    Pairs<Order, bigint | undefined>
  >()
  expectTypeOf(orders.pipe(intervalJoin(payments, 0, 1, { kind: 'right' }))).toEqualTypeOf<
    Pairs<Order | undefined, bigint>
  >()
  expectTypeOf(orders.pipe(intervalJoin(payments, 0, 1, { kind: 'full' }))).toEqualTypeOf<
    Pairs<Order | undefined, bigint | undefined>
  >()
})

test('a kind that is known at run time only may lack either', () => {
  const kind = 'inner' as IntervalJoinKind
  expectTypeOf(orders.pipe(intervalJoin(payments, 0, 1, { kind }))).toEqualTypeOf<
    Pairs<Order | undefined, bigint | undefined>
  >()
  // @ts-expect-error it may be one that takes nothing back
  revisedOrders.pipe(intervalJoin(payments, 0, 1, { kind }))
})

test('the values flow on', () => {
  const totals = orders.pipe(
    intervalJoin(payments, 0, 1, { kind: 'left', lowerInclusive: false }),
    map(({ left, right }) => ({ amount: left.amount, paid: right })),
    values(),
  )
  expectTypeOf(totals).toEqualTypeOf<Observable<{ amount: number; paid: bigint | undefined }>>()
  const joined = orders.pipe(intervalJoin(payments, 0, 1, { kind: 'left' }))
  // @ts-expect-error the right value may be missing
  joined.pipe(map(({ right }) => right + 1n))
})

test('both have the same key', () => {
  // @ts-expect-error one is keyed by texts, the other by numbers
  orders.pipe(intervalJoin(byNumber, 0, 1))
})

test('what may be taken back on a side makes pairs that may be', () => {
  expectTypeOf(revisedOrders.pipe(intervalJoin(payments, 0, 1))).toEqualTypeOf<Pairs<Order, bigint, Diff>>()
  expectTypeOf(orders.pipe(intervalJoin(revisedPayments, 0, 1))).toEqualTypeOf<Pairs<Order, bigint, Diff>>()
  expectTypeOf(revisedOrders.pipe(intervalJoin(revisedPayments, 0, 1), changes())).toExtend<
    Observable<{ readonly op: '+' | '-'; readonly value: Joined<Order, bigint> }>
  >()
  // @ts-expect-error a pair may be taken back
  revisedOrders.pipe(intervalJoin(payments, 0, 1), values())
})

test('what is alone can not be taken back', () => {
  // @ts-expect-error the left side may be taken back
  revisedOrders.pipe(intervalJoin(payments, 0, 1, { kind: 'left' }))
  // @ts-expect-error the left side may be taken back
  revisedOrders.pipe(intervalJoin(payments, 0, 1, { kind: 'right' }))
  // @ts-expect-error both sides may be taken back
  revisedOrders.pipe(intervalJoin(revisedPayments, 0, 1, { kind: 'full' }))
  // @ts-expect-error the right side may be taken back
  orders.pipe(intervalJoin(revisedPayments, 0, 1, { kind: 'right' }))
  // @ts-expect-error the right side may be taken back
  orders.pipe(intervalJoin(revisedPayments, 0, 1, { kind: 'full' }))
})

test('each late output gets the events of its side', () => {
  const lateLeft = sideOutput<Event<Order, string, undefined>>('late orders')
  const lateRight = sideOutput<Event<bigint, string, PaneInfo>>('late payments')
  orders.pipe(intervalJoin(payments, 0, 1, { lateLeft, lateRight }))
  // @ts-expect-error the other way round
  orders.pipe(intervalJoin(payments, 0, 1, { lateLeft: lateRight }))
  // @ts-expect-error what is late may be a retraction
  revisedOrders.pipe(intervalJoin(payments, 0, 1, { lateLeft }))
})

test('a kind there is not is refused', () => {
  // @ts-expect-error semi joins are those of windows
  orders.pipe(intervalJoin(payments, 0, 1, { kind: 'semi' }))
})
