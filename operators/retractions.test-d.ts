// Whether a stream may take values back is known from its type: operators keep it, and what can't stand it is refused.
import { from, map as rxMap, type Observable } from 'rxjs'
import { expectTypeOf, test } from 'vitest'
import { count } from '../lib/aggregates/count.ts'
import { max } from '../lib/aggregates/max.ts'
import { sum } from '../lib/aggregates/sum.ts'
import { type Diff, type Element, event, type Event, type Stream, watermark } from '../lib/element.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import type { PaneInfo } from '../lib/window.ts'
import {
  aggregate,
  type Change,
  changes,
  filter,
  flatMap,
  keyBy,
  lift,
  map,
  merge,
  type Pane,
  panes,
  values,
} from './index.ts'

type Numbers<D extends Diff> = Observable<Element<number, string, undefined, D>>

declare const added: Stream<number, string, undefined>
declare const revised: Stream<number, string, undefined, Diff>
declare const addedPanes: Stream<number, string, PaneInfo>
declare const revisedPanes: Stream<number, string, PaneInfo, Diff>

test('insertions are changes, changes are no insertions', () => {
  expectTypeOf(added).toExtend<typeof revised>()
  expectTypeOf(revised).not.toExtend<typeof added>()
  expectTypeOf<Event<number, string>>().toExtend<Event<number, string, unknown, Diff>>()
})

test('a retraction makes a stream one that may have them', () => {
  expectTypeOf(event(5, 1)).toEqualTypeOf<Event<number, undefined, undefined>>()
  expectTypeOf(event(5, 1, 'a')).toEqualTypeOf<Event<number, string, undefined>>()
  expectTypeOf(event(5, 1, 'a', 1)).toEqualTypeOf<Event<number, string, undefined>>()
  expectTypeOf(event(5, 1, 'a', -1)).toEqualTypeOf<Event<number, string, undefined, Diff>>()
  expectTypeOf(event(5, 1, 'a', 1 as Diff)).toEqualTypeOf<Event<number, string, undefined, Diff>>()
  expectTypeOf(event(5, 1, 'a', -1, {} as PaneInfo)).toEqualTypeOf<Event<number, string, PaneInfo, Diff>>()
  const elements = from([event(5, 1, 'a'), watermark(1), event(5, 1, 'a', -1)])
  expectTypeOf(elements.pipe(map((n) => n))).toEqualTypeOf<Numbers<Diff>>()
  // @ts-expect-error a stream with retractions
  elements.pipe(values())
})

test('map, filter, flatMap and keyBy keep it', () => {
  expectTypeOf(added.pipe(map((n) => n + 1))).toEqualTypeOf<Numbers<1>>()
  expectTypeOf(revised.pipe(map((n) => n + 1))).toEqualTypeOf<Numbers<Diff>>()
  expectTypeOf(added.pipe(filter((n) => n > 1))).toEqualTypeOf<Numbers<1>>()
  expectTypeOf(revised.pipe(filter((n) => n > 1))).toEqualTypeOf<Numbers<Diff>>()
  expectTypeOf(revised.pipe(filter((n): n is 5 => n === 5))).toEqualTypeOf<
    Observable<Element<5, string, undefined, Diff>>
  >()
  expectTypeOf(added.pipe(flatMap((n) => [n]))).toEqualTypeOf<Numbers<1>>()
  expectTypeOf(revised.pipe(flatMap((n) => [n]))).toEqualTypeOf<Numbers<Diff>>()
  expectTypeOf(added.pipe(keyBy((n) => String(n)))).toEqualTypeOf<Numbers<1>>()
  expectTypeOf(revised.pipe(keyBy((n) => String(n)))).toEqualTypeOf<Numbers<Diff>>()
})

test('merge may take back what one of its streams may', () => {
  expectTypeOf(merge(added, added)).toEqualTypeOf<Numbers<1>>()
  expectTypeOf(merge(added, revised)).toEqualTypeOf<Numbers<Diff>>()
  expectTypeOf(merge(revised, revised)).toEqualTypeOf<Numbers<Diff>>()
})

test('values and lift take insertions alone', () => {
  expectTypeOf(added.pipe(values())).toEqualTypeOf<Observable<number>>()
  // @ts-expect-error a value does not say whether it is taken back: use changes
  revised.pipe(values())
  expectTypeOf(added.pipe(lift(rxMap((n) => `${n}`)))).toEqualTypeOf<Observable<Element<string, string, undefined>>>()
  // @ts-expect-error an operator of RxJS knows nothing of retractions
  revised.pipe(lift(rxMap((n: number) => n)))
  // @ts-expect-error merged with what may be taken back, it may be taken back
  merge(added, revised).pipe(values())
})

test('panes and changes say what was taken back', () => {
  expectTypeOf(addedPanes.pipe(panes())).toEqualTypeOf<Observable<Pane<number, string>>>()
  expectTypeOf(revisedPanes.pipe(panes())).toEqualTypeOf<Observable<Pane<number, string, Diff>>>()
  expectTypeOf<Pane<number>['diff']>().toEqualTypeOf<1>()
  expectTypeOf<Pane<number, string, Diff>['diff']>().toEqualTypeOf<1 | -1>()
  expectTypeOf(revised.pipe(changes())).toEqualTypeOf<Observable<Change<number, string>>>()
  expectTypeOf(added.pipe(changes())).toEqualTypeOf<Observable<Change<number, string>>>()
  expectTypeOf(revisedPanes.pipe(changes())).toEqualTypeOf<Observable<Change<number, string, PaneInfo>>>()
  expectTypeOf<Change<number>['op']>().toEqualTypeOf<'+' | '-'>()
})

test('aggregate revises what it gives, and of what may be taken back needs an aggregate that can do so', () => {
  const keep = '1h'
  expectTypeOf(added.pipe(aggregate(sum(), { keep }))).toEqualTypeOf<Numbers<Diff>>()
  expectTypeOf(revised.pipe(aggregate(sum(), { keep }))).toEqualTypeOf<Numbers<Diff>>()
  // What comes out of it has come out of no window.
  expectTypeOf(revisedPanes.pipe(aggregate(sum(), { keep: 'forever' }))).toEqualTypeOf<Numbers<Diff>>()
  expectTypeOf(added.pipe(aggregate(max(), { keep }))).toEqualTypeOf<
    Observable<Element<number | undefined, string, undefined, Diff>>
  >()
  expectTypeOf(revised.pipe(aggregate({ total: sum(), hits: count() }, { keep }), changes())).toEqualTypeOf<
    Observable<Change<{ total: number; hits: number }, string>>
  >()
  // @ts-expect-error max can't take a value back
  revised.pipe(aggregate(max(), { keep }))
  // @ts-expect-error one of them can't
  revised.pipe(aggregate({ total: sum(), most: max((n: number) => n) }, { keep }))
  // @ts-expect-error how long keys are kept must be said
  revised.pipe(aggregate(sum(), {}))
  // @ts-expect-error what it gives may be taken back
  added.pipe(aggregate(sum(), { keep }), values())
})

test('the late output of aggregate knows what may be taken back', () => {
  const late = sideOutput<Event<number, string, undefined, Diff>>('late')
  revised.pipe(aggregate(sum(), { keep: 0, late }))
  const lateAdded = sideOutput<Event<number, string, undefined>>('late')
  added.pipe(aggregate(sum(), { keep: 0, late: lateAdded }))
  // @ts-expect-error what is late may be a retraction
  revised.pipe(aggregate(sum(), { keep: 0, late: lateAdded }))
})
