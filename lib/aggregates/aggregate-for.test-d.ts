import type { Observable, OperatorFunction } from 'rxjs'
import { expectTypeOf, test } from 'vitest'
import type { Diff, Element, Stream } from '../element.ts'
import type { AggregateFor } from './aggregate-for.ts'
import { avg } from './avg.ts'
import { collect } from './collect.ts'
import { combine } from './combine.ts'
import { count } from './count.ts'
import { countDistinct } from './count-distinct.ts'
import { distinct } from './distinct.ts'
import { first } from './first.ts'
import { fold } from './fold.ts'
import { max } from './max.ts'
import { min } from './min.ts'
import { reduce } from './reduce.ts'
import { sum } from './sum.ts'

interface Hit {
  readonly host: string
  readonly bytes: number
}

// The shape of the operators.
declare function aggregated<T, K, P, R, D extends Diff>(
  aggregate: AggregateFor<T, R, D>,
): OperatorFunction<Element<T, K, P, D>, Element<R, K, undefined, D>>

type Results<R, D extends Diff> = Observable<Element<R, string, undefined, D>>

declare const hits: Stream<Hit, string>
declare const numbers: Stream<number, string>
declare const revisedHits: Stream<Hit, string, undefined, Diff>
declare const revisedNumbers: Stream<number, string, undefined, Diff>

test('over insertions any aggregate may stand, and knows the values from there', () => {
  expectTypeOf(hits.pipe(aggregated(count()))).toEqualTypeOf<Results<number, 1>>()
  expectTypeOf(numbers.pipe(aggregated(sum()))).toEqualTypeOf<Results<number, 1>>()
  expectTypeOf(hits.pipe(aggregated(max((hit) => hit.bytes)))).toEqualTypeOf<Results<number | undefined, 1>>()
  expectTypeOf(numbers.pipe(aggregated(min()))).toEqualTypeOf<Results<number | undefined, 1>>()
  expectTypeOf(hits.pipe(aggregated(first()))).toEqualTypeOf<Results<Hit | undefined, 1>>()
  expectTypeOf(hits.pipe(aggregated(reduce((a, b) => (a.bytes > b.bytes ? a : b))))).toEqualTypeOf<
    Results<Hit | undefined, 1>
  >()
  expectTypeOf(
    hits.pipe(aggregated({ hits: count(), bytes: sum((hit) => hit.bytes), most: max((hit) => hit.bytes) })),
  ).toEqualTypeOf<Results<{ hits: number; bytes: number; most: number | undefined }, 1>>()
  expectTypeOf(hits.pipe(aggregated(combine({ hits: count(), first: first() })))).toExtend<
    Results<{ hits: number; first: unknown }, 1>
  >()
})

test('over what may be taken back the retractable ones may, and know the values as well', () => {
  expectTypeOf(revisedHits.pipe(aggregated(count()))).toEqualTypeOf<Results<number, Diff>>()
  expectTypeOf(revisedNumbers.pipe(aggregated(sum()))).toEqualTypeOf<Results<number, Diff>>()
  expectTypeOf(revisedHits.pipe(aggregated(avg((hit) => hit.bytes)))).toEqualTypeOf<Results<number | undefined, Diff>>()
  expectTypeOf(revisedHits.pipe(aggregated(collect()))).toEqualTypeOf<Results<Hit[], Diff>>()
  expectTypeOf(revisedHits.pipe(aggregated(collect((hit) => hit.host)))).toEqualTypeOf<Results<string[], Diff>>()
  expectTypeOf(revisedHits.pipe(aggregated(distinct((hit) => hit.host)))).toEqualTypeOf<Results<string[], Diff>>()
  expectTypeOf(
    revisedHits.pipe(
      aggregated({ hits: count(), bytes: sum((hit) => hit.bytes), users: countDistinct((hit) => hit.host) }),
    ),
  ).toEqualTypeOf<Results<{ hits: number; bytes: number; users: number }, Diff>>()
  expectTypeOf(
    revisedHits.pipe(aggregated(combine({ hits: count(), hosts: distinct((hit) => hit.host) }))),
  ).toEqualTypeOf<Results<{ hits: number; hosts: string[] }, Diff>>()
  expectTypeOf(
    revisedHits.pipe(
      aggregated(
        fold({
          create: () => 0,
          add: (total: number, hit: Hit) => total + hit.bytes,
          merge: (a: number, b: number) => a + b,
          retract: (total: number, hit: Hit) => total - hit.bytes,
        }),
      ),
    ),
  ).toEqualTypeOf<Results<number, Diff>>()
})

test('over what may be taken back the others are refused', () => {
  // @ts-expect-error: max holds one value, and can't take it back
  revisedHits.pipe(aggregated(max((hit: Hit) => hit.bytes)))
  // @ts-expect-error: nor can first
  revisedHits.pipe(aggregated(first<Hit>()))
  // @ts-expect-error: nor can reduce
  revisedHits.pipe(aggregated(reduce((a: Hit, b: Hit) => (a.bytes > b.bytes ? a : b))))
  // @ts-expect-error: nor can a fold that has not been told how
  revisedHits.pipe(aggregated(fold({ create: () => 0, add: (n: number) => n + 1, merge: (a, b) => a + b })))
  // @ts-expect-error: one of the record can't
  revisedHits.pipe(aggregated({ hits: count(), most: max((hit: Hit) => hit.bytes) }))
  // @ts-expect-error: one of the combined can't
  revisedHits.pipe(aggregated(combine({ hits: count(), most: max((hit: Hit) => hit.bytes) })))
})

test('what does not fit the values is refused as ever', () => {
  // @ts-expect-error: a hit is no number
  hits.pipe(aggregated(sum()))
  // @ts-expect-error: a hit is no number
  revisedHits.pipe(aggregated(sum()))
  // @ts-expect-error: a hit has no user
  revisedHits.pipe(aggregated({ users: countDistinct((hit: { user: string }) => hit.user) }))
})
