import type { Observable, OperatorFunction } from 'rxjs'
import { expectTypeOf, test } from 'vitest'
import type { Aggregate } from '../aggregate.ts'
import type { Element, Stream } from '../element.ts'
import type { PaneInfo, WindowAssigner } from '../window.ts'
import { approxCountDistinct } from './approx-count-distinct.ts'
import { avg } from './avg.ts'
import { collect } from './collect.ts'
import { type AggregateSpec, combine, type InputOf, type ResultOf, toAggregate } from './combine.ts'
import { count } from './count.ts'
import { countDistinct } from './count-distinct.ts'
import { distinct } from './distinct.ts'
import { first } from './first.ts'
import { fold } from './fold.ts'
import type { FullAggregate } from './full-aggregate.ts'
import { type Histogram, histogram } from './histogram.ts'
import { last } from './last.ts'
import { max } from './max.ts'
import { maxBy } from './max-by.ts'
import type { MergeableAggregate } from './mergeable-aggregate.ts'
import { min } from './min.ts'
import { minBy } from './min-by.ts'
import { quantile } from './quantile.ts'
import { reduce } from './reduce.ts'
import type { RetractableAggregate } from './retractable-aggregate.ts'
import { stddev } from './stddev.ts'
import { sum } from './sum.ts'
import { topK } from './top-k.ts'
import { variance } from './variance.ts'

interface Hit {
  readonly host: string
  readonly bytes: number
  readonly level: 'info' | 'error'
}

// The shape of the window operator.
declare function window<T, K, P, R>(
  assigner: WindowAssigner,
  aggregate: AggregateSpec<T, R>,
): OperatorFunction<Element<T, K, P>, Element<R, K, PaneInfo>>

type Panes<R> = Observable<Element<R, string, PaneInfo>>

declare const hourly: WindowAssigner
declare const hits: Stream<Hit, string>
declare const numbers: Stream<number, string>
declare const texts: Stream<string, string>

/** The input and the result of an aggregate, and whether it can take back; accumulators are nobody's business. */
type Face<G> =
  G extends Aggregate<infer T, infer A, infer R>
    ? { takes: T; gives: R; retracts: G extends RetractableAggregate<T, A, R> ? true : false }
    : never

declare function face<G>(aggregate: G): Face<G>

test('each says exactly what it takes, gives and takes back', () => {
  expectTypeOf(face(count())).toEqualTypeOf<{ takes: unknown; gives: number; retracts: true }>()
  expectTypeOf(face(sum())).toEqualTypeOf<{ takes: number; gives: number; retracts: true }>()
  expectTypeOf(face(sum((hit: Hit) => hit.bytes))).toEqualTypeOf<{ takes: Hit; gives: number; retracts: true }>()
  expectTypeOf(face(avg())).toEqualTypeOf<{ takes: number; gives: number | undefined; retracts: true }>()
  expectTypeOf(face(avg((hit: Hit) => hit.bytes))).toEqualTypeOf<{
    takes: Hit
    gives: number | undefined
    retracts: true
  }>()
  expectTypeOf(face(min<bigint>())).toEqualTypeOf<{ takes: bigint; gives: bigint | undefined; retracts: false }>()
  expectTypeOf(face(max((hit: Hit) => hit.host))).toEqualTypeOf<{
    takes: Hit
    gives: string | undefined
    retracts: false
  }>()
  expectTypeOf(face(first<Hit>())).toEqualTypeOf<{ takes: Hit; gives: Hit | undefined; retracts: false }>()
  expectTypeOf(face(last((hit: Hit) => hit.level))).toEqualTypeOf<{
    takes: Hit
    gives: 'info' | 'error' | undefined
    retracts: false
  }>()
  expectTypeOf(face(collect<Hit>())).toEqualTypeOf<{ takes: Hit; gives: Hit[]; retracts: true }>()
  expectTypeOf(face(collect((hit: Hit) => hit.bytes))).toEqualTypeOf<{ takes: Hit; gives: number[]; retracts: true }>()
  expectTypeOf(face(distinct((hit: Hit) => hit.level))).toEqualTypeOf<{
    takes: Hit
    gives: ('info' | 'error')[]
    retracts: true
  }>()
  expectTypeOf(face(countDistinct((hit: Hit) => hit.host))).toEqualTypeOf<{
    takes: Hit
    gives: number
    retracts: true
  }>()
  expectTypeOf(face(reduce((a: Hit, b: Hit) => (a.bytes > b.bytes ? a : b)))).toEqualTypeOf<{
    takes: Hit
    gives: Hit | undefined
    retracts: false
  }>()
})

test('so do those that rank and estimate', () => {
  expectTypeOf(face(topK<bigint>(3))).toEqualTypeOf<{ takes: bigint; gives: bigint[]; retracts: false }>()
  expectTypeOf(face(topK(3, (hit: Hit) => hit.bytes))).toEqualTypeOf<{ takes: Hit; gives: Hit[]; retracts: false }>()
  expectTypeOf(face(minBy((hit: Hit) => hit.host))).toEqualTypeOf<{
    takes: Hit
    gives: Hit | undefined
    retracts: false
  }>()
  expectTypeOf(
    face(
      maxBy(
        (hit: Hit) => hit.bytes,
        (hit) => hit.level,
      ),
    ),
  ).toEqualTypeOf<{ takes: Hit; gives: 'info' | 'error' | undefined; retracts: false }>()
  expectTypeOf(face(variance())).toEqualTypeOf<{ takes: number; gives: number | undefined; retracts: true }>()
  expectTypeOf(face(stddev((hit: Hit) => hit.bytes, { sample: true }))).toEqualTypeOf<{
    takes: Hit
    gives: number | undefined
    retracts: true
  }>()
  expectTypeOf(face(histogram([1, 2], (hit: Hit) => hit.bytes))).toEqualTypeOf<{
    takes: Hit
    gives: Histogram
    retracts: true
  }>()
  expectTypeOf(face(quantile(0.5, undefined, { accuracy: 0.1 }))).toEqualTypeOf<{
    takes: number
    gives: number | undefined
    retracts: true
  }>()
  expectTypeOf(face(quantile([0.5, 0.9], (hit: Hit) => hit.bytes))).toEqualTypeOf<{
    takes: Hit
    gives: [number | undefined, number | undefined]
    retracts: true
  }>()
  expectTypeOf(face(approxCountDistinct((hit: Hit) => hit.host))).toEqualTypeOf<{
    takes: Hit
    gives: number
    retracts: false
  }>()
})

test('refuses what does not fit', () => {
  // @ts-expect-error: a Date has no place in an order of numbers and texts
  topK(3, (hit: Hit) => new Date(hit.bytes))
  // @ts-expect-error: what to compare by must be said
  minBy()
  // @ts-expect-error: no number
  quantile(0.5, (hit: Hit) => hit.host)
  // @ts-expect-error: an object is found by which one it is, not by what is in it
  approxCountDistinct((hit: Hit) => ({ host: hit.host }))
  // @ts-expect-error: no number
  sum((hit: Hit) => hit.host)
  // @ts-expect-error: a Date has no place in an order of numbers and texts
  min((hit: Hit) => new Date(hit.bytes))
  // @ts-expect-error: an object is found by which one it is, not by what is in it
  countDistinct((hit: Hit) => ({ host: hit.host }))
  // @ts-expect-error: the result of a reduction is such a value
  reduce((a: Hit, b: Hit) => a.bytes + b.bytes)
  // @ts-expect-error: a hit is no number
  hits.pipe(window(hourly, sum()))
  // @ts-expect-error: nor can it be counted as one
  hits.pipe(window(hourly, countDistinct<string>()))
})

test('fold has its result, its merge and its retraction if they are given', () => {
  const steps = {
    create: () => 1,
    add: (product: number, hit: Hit) => product * hit.bytes,
  }
  const merge = (a: number, b: number): number => a * b
  const retract = (product: number, hit: Hit): number => product / hit.bytes
  const result = String
  expectTypeOf(fold(steps)).toEqualTypeOf<Aggregate<Hit, number, number>>()
  expectTypeOf(fold({ ...steps, merge })).toEqualTypeOf<MergeableAggregate<Hit, number, number>>()
  expectTypeOf(fold({ ...steps, retract })).toEqualTypeOf<RetractableAggregate<Hit, number, number>>()
  expectTypeOf(fold({ ...steps, merge, retract })).toEqualTypeOf<FullAggregate<Hit, number, number>>()
  expectTypeOf(fold({ ...steps, result })).toEqualTypeOf<Aggregate<Hit, number, string>>()
  expectTypeOf(fold({ ...steps, merge, result })).toEqualTypeOf<MergeableAggregate<Hit, number, string>>()
  expectTypeOf(fold({ ...steps, result, retract })).toEqualTypeOf<RetractableAggregate<Hit, number, string>>()
  expectTypeOf(fold({ ...steps, merge, result, retract })).toEqualTypeOf<FullAggregate<Hit, number, string>>()
  // @ts-expect-error: add is missing
  fold({ create: steps.create })
})

test('in a window the values are known from where it stands', () => {
  expectTypeOf(hits.pipe(window(hourly, count()))).toEqualTypeOf<Panes<number>>()
  expectTypeOf(
    hits.pipe(
      window(
        hourly,
        sum((hit) => hit.bytes),
      ),
    ),
  ).toEqualTypeOf<Panes<number>>()
  expectTypeOf(numbers.pipe(window(hourly, sum()))).toEqualTypeOf<Panes<number>>()
  expectTypeOf(
    hits.pipe(
      window(
        hourly,
        avg((hit) => hit.bytes),
      ),
    ),
  ).toEqualTypeOf<Panes<number | undefined>>()
  expectTypeOf(numbers.pipe(window(hourly, min()))).toEqualTypeOf<Panes<number | undefined>>()
  expectTypeOf(texts.pipe(window(hourly, max()))).toEqualTypeOf<Panes<string | undefined>>()
  expectTypeOf(
    hits.pipe(
      window(
        hourly,
        min((hit) => hit.host),
      ),
    ),
  ).toEqualTypeOf<Panes<string | undefined>>()
  expectTypeOf(hits.pipe(window(hourly, first()))).toEqualTypeOf<Panes<Hit | undefined>>()
  expectTypeOf(
    hits.pipe(
      window(
        hourly,
        last((hit) => hit.host),
      ),
    ),
  ).toEqualTypeOf<Panes<string | undefined>>()
  expectTypeOf(hits.pipe(window(hourly, collect()))).toEqualTypeOf<Panes<Hit[]>>()
  expectTypeOf(
    hits.pipe(
      window(
        hourly,
        collect((hit) => hit.host),
      ),
    ),
  ).toEqualTypeOf<Panes<string[]>>()
  expectTypeOf(texts.pipe(window(hourly, distinct()))).toEqualTypeOf<Panes<string[]>>()
  expectTypeOf(
    hits.pipe(
      window(
        hourly,
        countDistinct((hit) => hit.host),
      ),
    ),
  ).toEqualTypeOf<Panes<number>>()
  expectTypeOf(
    hits.pipe(
      window(
        hourly,
        reduce((a, b) => (a.bytes > b.bytes ? a : b)),
      ),
    ),
  ).toEqualTypeOf<Panes<Hit | undefined>>()
  expectTypeOf(
    hits.pipe(window(hourly, fold({ create: () => 0, add: (n, hit) => n + hit.bytes, merge: (a, b) => a + b }))),
  ).toEqualTypeOf<Panes<number>>()
})

test('as those that rank and estimate know them', () => {
  expectTypeOf(
    hits.pipe(
      window(
        hourly,
        topK(3, (hit) => hit.bytes),
      ),
    ),
  ).toEqualTypeOf<Panes<Hit[]>>()
  expectTypeOf(numbers.pipe(window(hourly, topK(3)))).toEqualTypeOf<Panes<number[]>>()
  expectTypeOf(
    hits.pipe(
      window(
        hourly,
        maxBy((hit) => hit.bytes),
      ),
    ),
  ).toEqualTypeOf<Panes<Hit | undefined>>()
  expectTypeOf(
    hits.pipe(
      window(
        hourly,
        minBy(
          (hit) => hit.bytes,
          (hit) => hit.host,
        ),
      ),
    ),
  ).toEqualTypeOf<Panes<string | undefined>>()
  expectTypeOf(
    hits.pipe(
      window(
        hourly,
        variance((hit) => hit.bytes),
      ),
    ),
  ).toEqualTypeOf<Panes<number | undefined>>()
  expectTypeOf(numbers.pipe(window(hourly, stddev()))).toEqualTypeOf<Panes<number | undefined>>()
  expectTypeOf(
    hits.pipe(
      window(
        hourly,
        histogram([1], (hit) => hit.bytes),
      ),
    ),
  ).toEqualTypeOf<Panes<Histogram>>()
  expectTypeOf(
    hits.pipe(
      window(
        hourly,
        quantile(0.5, (hit) => hit.bytes),
      ),
    ),
  ).toEqualTypeOf<Panes<number | undefined>>()
  expectTypeOf(
    hits.pipe(
      window(
        hourly,
        quantile([0.5, 0.9], (hit) => hit.bytes),
      ),
    ),
  ).toEqualTypeOf<Panes<[number | undefined, number | undefined]>>()
  expectTypeOf(
    hits.pipe(
      window(
        hourly,
        approxCountDistinct((hit) => hit.host),
      ),
    ),
  ).toEqualTypeOf<Panes<number>>()
  expectTypeOf(texts.pipe(window(hourly, approxCountDistinct()))).toEqualTypeOf<Panes<number>>()
})

test('so they are in a record', () => {
  const record = hits.pipe(
    window(hourly, { hits: count(), bytes: sum((hit) => hit.bytes), most: max((hit) => hit.bytes) }),
  )
  expectTypeOf(record).toEqualTypeOf<Panes<{ hits: number; bytes: number; most: number | undefined }>>()
  const combined = hits.pipe(window(hourly, combine({ hits: count(), hosts: distinct((hit) => hit.host) })))
  expectTypeOf(combined).toEqualTypeOf<Panes<{ hits: number; hosts: string[] }>>()
  const mixed = hits.pipe(
    window(hourly, {
      first: first(),
      total: fold({ create: () => 0, add: (n, hit) => n + hit.bytes, merge: (a, b) => a + b }),
      largest: reduce((a, b) => (a.bytes > b.bytes ? a : b)),
    }),
  )
  expectTypeOf(mixed).toEqualTypeOf<Panes<{ first: Hit | undefined; total: number; largest: Hit | undefined }>>()
  // @ts-expect-error: a hit has no user
  hits.pipe(window(hourly, { users: countDistinct((hit: { user: string }) => hit.user) }))
})

test('combine takes what every part takes, and merges and takes back if all do', () => {
  const sized = sum((value: { readonly bytes: number }) => value.bytes)
  const named = countDistinct((value: { readonly host: string }) => value.host)
  type Both = { readonly bytes: number } & { readonly host: string }
  expectTypeOf(combine({ hits: count(), sized, named })).toEqualTypeOf<
    FullAggregate<Both, unknown[], { hits: number; sized: number; named: number }>
  >()
  expectTypeOf(combine({ sized, most: max((value: { readonly host: string }) => value.host) })).toEqualTypeOf<
    MergeableAggregate<Both, unknown[], { sized: number; most: string | undefined }>
  >()
  const steps = {
    create: () => 0,
    add: (hash: number, value: { readonly host: string }) => hash ^ value.host.length,
  }
  expectTypeOf(combine({ sized, hash: fold(steps) })).toEqualTypeOf<
    Aggregate<Both, unknown[], { sized: number; hash: number }>
  >()
  expectTypeOf(combine({ sized, hash: fold({ ...steps, retract: steps.add }) })).toEqualTypeOf<
    RetractableAggregate<Both, unknown[], { sized: number; hash: number }>
  >()
  // @ts-expect-error: no aggregate
  combine({ hits: count })
})

test('InputOf, ResultOf and toAggregate', () => {
  const record = { hits: count(), bytes: sum((hit: Hit) => hit.bytes) }
  expectTypeOf<InputOf<typeof record>>().toEqualTypeOf<Hit>()
  expectTypeOf<ResultOf<typeof record>>().toEqualTypeOf<{ hits: number; bytes: number }>()
  expectTypeOf(toAggregate(sum((hit: Hit) => hit.bytes))).toEqualTypeOf<Aggregate<Hit, unknown, number>>()
})
