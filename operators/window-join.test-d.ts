// What joins by windows know from their types: the values and the key of both sides, and which side may be missing.
import type { Observable } from 'rxjs'
import { expectTypeOf, test } from 'vitest'
import { sum } from '../lib/aggregates/sum.ts'
import type { Diff, Element, Event, Stream } from '../lib/element.ts'
import type { Joined } from '../lib/joins/joined.ts'
import type { WindowJoinKind } from '../lib/joins/pairs.ts'
import type { PaneInfo, WindowAssigner } from '../lib/window.ts'
import { countWindow } from '../lib/windows/count-window.ts'
import { globalWindow } from '../lib/windows/global-window.ts'
import { session } from '../lib/windows/session.ts'
import { sliding } from '../lib/windows/sliding.ts'
import { tumbling } from '../lib/windows/tumbling.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { coGroup, filter, keyBy, map, type Pane, panes, values, window, windowJoin } from './index.ts'

interface Click {
  readonly user: string
  readonly page: string
}

interface Purchase {
  readonly user: string
  readonly amount: number
}

type Rows<V> = Observable<Element<V, string, PaneInfo>>

declare const clicks: Stream<Click, string, undefined>
declare const purchases: Stream<Purchase, string, undefined>
declare const refunded: Stream<Purchase, string, undefined, Diff>

const hourly = tumbling('1h')

test('the values and the key of both sides flow out, and a side is undefined where it may be missing', () => {
  expectTypeOf(clicks.pipe(windowJoin(purchases, hourly))).toEqualTypeOf<Rows<Joined<Click, Purchase>>>()
  expectTypeOf(clicks.pipe(windowJoin(purchases, hourly, {}))).toEqualTypeOf<Rows<Joined<Click, Purchase>>>()
  expectTypeOf(clicks.pipe(windowJoin(purchases, hourly, { id: 'join' }))).toEqualTypeOf<
    Rows<Joined<Click, Purchase>>
  >()
  expectTypeOf(clicks.pipe(windowJoin(purchases, hourly, { kind: 'inner' }))).toEqualTypeOf<
    Rows<Joined<Click, Purchase>>
  >()
  expectTypeOf(clicks.pipe(windowJoin(purchases, hourly, { kind: 'left' }))).toEqualTypeOf<
    Rows<Joined<Click, Purchase | undefined>>
  >()
  expectTypeOf(clicks.pipe(windowJoin(purchases, hourly, { kind: 'right' }))).toEqualTypeOf<
    Rows<Joined<Click | undefined, Purchase>>
  >()
  expectTypeOf(clicks.pipe(windowJoin(purchases, hourly, { kind: 'full' }))).toEqualTypeOf<
    Rows<Joined<Click | undefined, Purchase | undefined>>
  >()
  expectTypeOf(clicks.pipe(windowJoin(purchases, hourly, { kind: 'semi' }))).toEqualTypeOf<Rows<Click>>()
  expectTypeOf(clicks.pipe(windowJoin(purchases, hourly, { kind: 'anti' }))).toEqualTypeOf<Rows<Click>>()
  // @ts-expect-error there is no such kind
  clicks.pipe(windowJoin(purchases, hourly, { kind: 'outer' }))
})

test('a kind that is known at run time only may give what any of them does', () => {
  const kind = 'left' as 'inner' | 'left'
  clicks.pipe(windowJoin(purchases, hourly, { kind }), values()).subscribe(({ left, right }) => {
    expectTypeOf(left).toEqualTypeOf<Click>()
    expectTypeOf(right).toEqualTypeOf<Purchase | undefined>()
  })
  const any = 'semi' as WindowJoinKind
  expectTypeOf(clicks.pipe(windowJoin(purchases, hourly, { kind: any }), values())).toExtend<
    Observable<Click | Joined<Click | undefined, Purchase | undefined>>
  >()
})

test('groups are of both sides', () => {
  expectTypeOf(clicks.pipe(coGroup(purchases, hourly))).toEqualTypeOf<
    Rows<Joined<readonly Click[], readonly Purchase[]>>
  >()
  expectTypeOf(clicks.pipe(coGroup(purchases, hourly), panes())).toEqualTypeOf<
    Observable<Pane<Joined<readonly Click[], readonly Purchase[]>, string>>
  >()
})

test('operators stand behind a join', () => {
  const amounts = clicks.pipe(
    windowJoin(purchases, hourly, { kind: 'left' }),
    filter(({ right }) => right !== undefined),
    keyBy(({ left }) => left.page),
    window(
      hourly,
      sum(({ right }) => right?.amount ?? 0),
    ),
    map((amount) => amount),
  )
  expectTypeOf(amounts).toEqualTypeOf<Rows<number>>()
})

test('both sides have the same type of key', () => {
  const byAmount = purchases.pipe(keyBy(({ amount }) => amount))
  // @ts-expect-error one is by user, the other by amount
  clicks.pipe(windowJoin(byAmount, hourly))
  // @ts-expect-error one is by user, the other by amount
  clicks.pipe(coGroup(byAmount, hourly))
  const unkeyed = {} as Stream<Purchase>
  // @ts-expect-error one has no key
  clicks.pipe(windowJoin(unkeyed, hourly))
})

test('nothing may be taken back on either side', () => {
  // @ts-expect-error purchases may be taken back
  clicks.pipe(windowJoin(refunded, hourly))
  // @ts-expect-error purchases may be taken back
  refunded.pipe(windowJoin(clicks, hourly))
  // @ts-expect-error purchases may be taken back
  clicks.pipe(coGroup(refunded, hourly))
  // @ts-expect-error purchases may be taken back
  refunded.pipe(coGroup(clicks, hourly))
})

test('windows are those of an assigner that takes the values of both sides', () => {
  const byUser: WindowAssigner<{ readonly user: string }> = { name: 'by user', assign: () => [] }
  const byPage: WindowAssigner<Click> = { name: 'by page', assign: () => [] }
  clicks.pipe(windowJoin(purchases, byUser), values()).subscribe((pair) => {
    expectTypeOf(pair).toEqualTypeOf<Joined<Click, Purchase>>()
  })
  clicks.pipe(coGroup(purchases, byUser))
  clicks.pipe(windowJoin(purchases, session('30m')))
  clicks.pipe(windowJoin(purchases, globalWindow()))
  clicks.pipe(
    windowJoin(
      purchases,
      session((either: Click | Purchase) => (either.user === 'ann' ? '30m' : '1h')),
    ),
  )
  // @ts-expect-error a purchase has no page
  clicks.pipe(windowJoin(purchases, byPage))
  // @ts-expect-error a purchase has no page
  clicks.pipe(coGroup(purchases, byPage))
  // @ts-expect-error which windows there are depends on other events
  clicks.pipe(windowJoin(purchases, sliding('1h')))
  // @ts-expect-error which windows there are depends on other events
  clicks.pipe(coGroup(purchases, countWindow(5)))
})

test('the outputs for what is late are of the events of their side', () => {
  const lateLeft = sideOutput<Event<Click, string, undefined>>('late clicks')
  const lateRight = sideOutput<Event<Purchase, string, undefined>>('late purchases')
  clicks.pipe(windowJoin(purchases, hourly, { lateLeft, lateRight }))
  clicks.pipe(coGroup(purchases, hourly, { lateLeft, lateRight }))
  // @ts-expect-error they are of the other side
  clicks.pipe(windowJoin(purchases, hourly, { lateLeft: lateRight, lateRight: lateLeft }))
  // @ts-expect-error they are of the other side
  clicks.pipe(coGroup(purchases, hourly, { lateLeft: lateRight }))
})
