// Each example under the laws that fit: whatever the order in which its events arrive, out of which splits, in which chunks, and
// wherever it dies. Those of two inputs get them as one stream, so that every way to interleave them comes up.

import fc from 'fast-check'
import { merge, type Observable, share } from 'rxjs'
import { filter, map as valuesOf } from 'rxjs/operators'
import { test } from 'vitest'
import { boundedOutOfOrderness, type Stream } from 'tidemark'
import { values } from 'tidemark/operators'
import { checkPipeline, events, finalResult, inFixedOrder, type Law, laws } from 'tidemark/property-tests'
import { browsing } from './browsing.ts'
import { answersOf, type Click, type Search } from './clicks-and-searches.ts'
import type { Action, ShopEvent } from './data/shop.ts'
import { type Follow, type Post, timelines } from './home-timeline.ts'
import { book, type Leg } from './money-transfers.ts'
import { type Position, tracked } from './parcels.ts'
import { type Payment as TaxedPayment, type Rate, taxed } from './payments-with-tax.ts'
import { type DriverReport, type RideRequest, ridesOf } from './ride-requests.ts'
import { salesOf, visitsOf } from './shop-database.ts'
import { sessionsOf } from './shopping-sessions.ts'
import { type Commit, noticesOf, type Trace } from './stack-traces-and-commits.ts'
import { type Payment, suspicions } from './suspicious-cards.ts'

interface Timed {
  readonly time: number
}

/** One of two inputs, or more. */
type Either<L, R> = { readonly left: L } | { readonly right: R }

const minutes = 60_000
const days = 86_400_000

/** Results say the time of the event that came last, whichever that was. */
const withoutTimes = (elements: readonly unknown[]): readonly unknown[] =>
  inFixedOrder(finalResult(elements).map((each) => ('time' in each ? { ...each, time: 0 } : each)))

const general = [
  laws.accountsForEveryEvent(),
  laws.chunkInvariant(),
  laws.backpressureInvariant(),
  laws.deterministic(),
]
const strict: readonly Law[] = [
  laws.orderInsensitive(),
  laws.splitInvariant(),
  ...general,
  laws.resumable(),
  laws.noStateLeft(),
]

interface Check<T> {
  readonly value: fc.Arbitrary<T>
  readonly span: number
  readonly disorder: number
  readonly edges: number
  readonly laws?: readonly Law[]
}

/** Checks an example, which finds its events' times in them. */
function check<T extends Timed>(of: (all: Observable<T>) => Observable<unknown>, options: Check<T>): Promise<unknown> {
  const { value, span, disorder, edges, laws: asked = strict } = options
  const stamp = (each: T, time: number): T => ({ ...each, time })
  return checkPipeline<T>((stream: Stream<T, undefined, undefined>) => of(stream.pipe(values(), share())), {
    events: events({ value, span, disorder, edges, stamp, maxLength: 24 }),
    watermark: boundedOutOfOrderness(disorder),
    laws: asked,
    runs: 25,
  })
}

/** Checks an example of two inputs. */
function checkBoth<L extends Timed, R extends Timed>(
  of: (left: Observable<L>, right: Observable<R>) => Observable<unknown>,
  left: fc.Arbitrary<L>,
  right: fc.Arbitrary<R>,
  options: Omit<Check<never>, 'value'>,
): Promise<unknown> {
  type Both = Either<L, R> & Timed
  const value: fc.Arbitrary<Both> = fc.oneof(
    left.map((each) => ({ left: each, time: 0 })),
    right.map((each) => ({ right: each, time: 0 })),
  )
  return check<Both>(
    (all) => {
      const lefts = all.pipe(filter((each): each is Both & { readonly left: L } => 'left' in each))
      const rights = all.pipe(filter((each): each is Both & { readonly right: R } => 'right' in each))
      return of(
        lefts.pipe(valuesOf(({ left: each, time }) => ({ ...each, time }))),
        rights.pipe(valuesOf(({ right: each, time }) => ({ ...each, time }))),
      )
    },
    { ...options, value },
  )
}

const shopEvents: fc.Arbitrary<ShopEvent> = fc.record({
  time: fc.constant(0),
  shopper: fc.constantFrom('ann', 'bob'),
  action: fc.constantFrom<Action>('view', 'detail', 'add', 'remove', 'purchase', 'click'),
  product: fc.constantFrom('ale', 'bun'),
})
const shop = { value: shopEvents, span: 4 * 60 * minutes, disorder: 5 * minutes, edges: 15 * minutes }

test('browsing', () =>
  check((all) => {
    const { volume, trending, conversion } = browsing(all)
    return merge(volume, trending, conversion)
  }, shop))

test('clicks and searches', () =>
  checkBoth<Search, Click>(
    answersOf,
    fc.record({ id: fc.constantFrom('s', 't'), time: fc.constant(0), query: fc.constantFrom('tea', 'pot') }),
    fc.record({ search: fc.constantFrom('s', 't'), time: fc.constant(0), url: fc.constantFrom('/1', '/2') }),
    { span: 3 * 60 * minutes, disorder: 5 * minutes, edges: 60 * minutes },
  ))

test('home timeline', () =>
  checkBoth<Follow, Post>(
    timelines,
    fc.record({
      op: fc.constantFrom('follow', 'unfollow'),
      time: fc.constant(0),
      reader: fc.constantFrom('ann', 'bob'),
      author: fc.constantFrom('cat', 'dan'),
    }),
    fc.record({ id: fc.uuid(), time: fc.constant(0), author: fc.constantFrom('cat', 'dan'), text: fc.constant('') }),
    {
      span: 10 * minutes,
      disorder: 1 * minutes,
      edges: minutes,
      laws: [laws.orderInsensitive({ outcome: withoutTimes }), ...general, laws.retractionsBalance(), laws.resumable()],
    },
  ))

const legs: fc.Arbitrary<Leg> = fc.nat({ max: 5 }).map((n) => ({
  transfer: `t${n}`,
  time: 0,
  account: n % 2 === 0 ? 'x' : 'y',
  cents: 100 + n,
}))
const transfers = { span: 40 * minutes, disorder: 1 * minutes, edges: 10 * minutes }

test('money transfers: balances', () =>
  checkBoth<Leg, Leg>((debits, credits) => book(debits, credits).balances, legs, legs, {
    ...transfers,
    laws: [
      laws.orderInsensitive({ outcome: withoutTimes }),
      laws.duplicateInsensitive({ outcome: withoutTimes }),
      ...general,
      laws.retractionsBalance(),
      laws.resumable(),
    ],
  }))

test('money transfers: what is half done', () =>
  checkBoth<Leg, Leg>((debits, credits) => book(debits, credits).halfDone, legs, legs, {
    ...transfers,
    laws: [...general, laws.resumable(), laws.noStateLeft()],
  }))

test('parcels', () =>
  check<Position>(tracked, {
    value: fc.record({ parcel: fc.constantFrom('p', 'q'), time: fc.constant(0), kmToGo: fc.nat({ max: 9 }) }),
    span: 6 * 60 * minutes,
    disorder: 10 * minutes,
    edges: 60 * minutes,
  }))

test('payments with tax', () =>
  checkBoth<TaxedPayment, Rate & Timed>(
    (payments, rates) =>
      taxed(payments, rates.pipe(valuesOf((rate) => ({ ...rate, announced: rate.time, validFrom: rate.time })))),
    fc.record({
      id: fc.constantFrom('a', 'b'),
      time: fc.constant(0),
      country: fc.constantFrom('AT', 'DE'),
      cents: fc.nat(9_999),
    }),
    fc
      .record({ country: fc.constantFrom('AT', 'DE'), percent: fc.constantFrom(7, 19, 20) })

      .map((rate) => ({ ...rate, announced: 0, validFrom: 0, time: 0 })),
    { span: 10 * days, disorder: days, edges: days, laws: [...general, laws.resumable(), laws.noStateLeft()] },
  ))

const places = fc.record({ lat: fc.constantFrom(48, 48.1, 48.2), lon: fc.constantFrom(16, 16.1) })

test('ride requests', () =>
  check<RideRequest | DriverReport>(ridesOf, {
    value: fc.oneof(
      fc.record({
        kind: fc.constant('request'),
        id: fc.uuid(),
        time: fc.constant(0),
        city: fc.constantFrom('Graz', 'Wien'),
        place: places,
      }),
      fc.record({
        kind: fc.constant('driver'),
        driver: fc.constantFrom('d', 'e'),
        time: fc.constant(0),
        city: fc.constantFrom('Graz', 'Wien'),
        place: places,
        isFree: fc.boolean(),
      }),
    ),
    span: 30 * minutes,
    disorder: minutes,
    edges: 5 * minutes,
  }))

test('shop database: sales', () => check(salesOf, shop))

test('shop database: visits', () =>
  check(visitsOf, { ...shop, laws: [...general, laws.resumable(), laws.noStateLeft()] }))

test('shopping sessions', () => check(sessionsOf, shop))

test('stack traces and commits', () =>
  checkBoth<Trace, Commit>(
    noticesOf,
    fc.record({ id: fc.uuid(), time: fc.constant(0), error: fc.constant('E'), files: files() }),
    fc.record({
      id: fc.constantFrom('c', 'd'),
      time: fc.constant(0),
      author: fc.constantFrom('eve', 'fay'),
      files: files(),
    }),
    { span: 30 * days, disorder: 10 * minutes, edges: 14 * days },
  ))

test('suspicious cards', () =>
  check<Payment>(
    (payments) => {
      const { unusual, triedOut } = suspicions(payments)
      return merge(unusual, triedOut)
    },
    {
      value: fc.record({
        id: fc.uuid(),
        card: fc.constantFrom('v', 'm'),
        time: fc.constant(0),
        cents: fc.constantFrom(50, 900, 40_000),
      }),
      span: 10 * minutes,
      disorder: 2 * minutes,
      edges: minutes,
    },
  ))

function files(): fc.Arbitrary<string[]> {
  return fc.uniqueArray(fc.constantFrom('a.ts', 'b.ts', 'c.ts'), { minLength: 1 })
}
