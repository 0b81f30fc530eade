// Laws of the aggregates
//
// 1. Merging is adding: what is merged in counts as added after. What it was merged from stays as it is and is used on, and
//    nothing that is added, taken back or merged on one side shows on the other.
// 2. The order of arrival does not matter, but for equal event times where it is said to.
// 3. Taking back undoes an addition, whatever was added or taken back in between.
// 4. Asking for the result changes nothing.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Aggregate } from '../aggregate.ts'
import { approxCountDistinct } from './approx-count-distinct.ts'
import { avg } from './avg.ts'
import { collect } from './collect.ts'
import { combine } from './combine.ts'
import { count } from './count.ts'
import { countDistinct } from './count-distinct.ts'
import { distinct } from './distinct.ts'
import { first } from './first.ts'
import { fold } from './fold.ts'
import type { FullAggregate } from './full-aggregate.ts'
import { histogram } from './histogram.ts'
import { last } from './last.ts'
import { max } from './max.ts'
import { maxBy } from './max-by.ts'
import type { MergeableAggregate } from './mergeable-aggregate.ts'
import { min } from './min.ts'
import { minBy } from './min-by.ts'
import { quantile } from './quantile.ts'
import { reduce } from './reduce.ts'
import { stddev } from './stddev.ts'
import { sum } from './sum.ts'
import { topK } from './top-k.ts'
import { variance } from './variance.ts'

/** A value and its time. */
type Step = readonly [number, number]

const retractable: readonly FullAggregate<number, unknown, unknown>[] = [
  count(),
  sum(),
  avg(),
  collect(),
  distinct(),
  countDistinct(),
  variance(),
  variance(undefined, { sample: true }),
  stddev(),
  histogram([-2, 0, 0.3, 4]),
  quantile(0.5),
  quantile([1, 0, 0.9], undefined, { accuracy: 0.3 }),
  combine({ hits: count(), total: sum(), all: collect((value: number) => ({ value })) }),
]

const insertOnly: readonly MergeableAggregate<number, unknown, unknown>[] = [
  min(),
  max(),
  first(),
  last(),
  topK<number>(3),
  topK(2, (value: number) => Math.trunc(value)),
  minBy((value: number) => Math.abs(value)),
  maxBy(
    (value: number) => Math.abs(value),
    (value) => ({ value }),
  ),
  approxCountDistinct<number>(),
  approxCountDistinct<number>(undefined, { standardError: 0.25 }),
  reduce(Math.max),
  fold({ create: () => 0, add: (a, value: number) => a ^ value, merge: (a, b) => a ^ b }),
  combine({ least: min<number>(), hits: count() }),
]

const all: readonly (readonly [string, MergeableAggregate<number, unknown, unknown>])[] = [
  ...retractable,
  ...insertOnly,
].map((aggregate) => [aggregate.name, aggregate])

// Few values, so that equal ones are common; binary fractions, so that sums would round.
const value = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constantFrom(0.1, 0.2, 0.3, -0, 1e16, 1e-16))
const step: fc.Arbitrary<Step> = fc.tuple(value, fc.integer({ min: -10, max: 10 }))
const steps = fc.array(step, { maxLength: 20 })
/** No two of one time: nothing is left to the order of arrival. */
const untied = fc.uniqueArray(step, { maxLength: 20, selector: ([, time]) => time })

function withShuffled<S>(some: readonly S[]): fc.Arbitrary<[readonly S[], readonly S[]]> {
  return fc.tuple(fc.constant(some), fc.shuffledSubarray([...some], { minLength: some.length }))
}

function add<A>(aggregate: Aggregate<number, A, unknown>, accumulator: A, added: readonly Step[]): A {
  return added.reduce((a, [each, time]) => aggregate.add(a, each, time), accumulator)
}

function resultOf<R>(aggregate: Aggregate<number, unknown, R>, added: readonly Step[]): R {
  return aggregate.result(add(aggregate, aggregate.create(), added))
}

/** What is done to one of a few accumulators; `merge` takes from another, `retract` the nth of what is in it. */
type Act = { readonly on: number } & (
  { readonly add: Step } | { readonly merge: number } | { readonly retract: number }
)

const on = fc.nat({ max: 2 })
const fewValues = fc.oneof(fc.constantFrom(1, 2), value)
/** Times of their own, so that order has no say; a merge makes equal ones, of equal values. */
const acts: fc.Arbitrary<readonly Act[]> = fc
  .array(
    fc.oneof(
      { arbitrary: fc.record({ on, add: fc.tuple(fewValues, fc.integer({ min: -5, max: 5 })) }), weight: 4 },
      { arbitrary: fc.record({ on, merge: on }), weight: 2 },
      { arbitrary: fc.record({ on, retract: fc.nat() }), weight: 3 },
    ),
    { maxLength: 30 },
  )
  .map((some) =>
    some.map((act, i) => ('add' in act ? { on: act.on, add: [act.add[0], act.add[1] * 100 + i] as const } : act)),
  )

test.each(all)('1: %s merges as it adds, and leaves what it merges from intact', (_, aggregate) => {
  fc.assert(
    fc.property(acts, fc.boolean(), (script, insertOnly) => {
      // Beside each accumulator stands what is in it.
      const pots = Array.from({ length: 3 }, () => ({
        accumulator: aggregate.create(insertOnly),
        content: [] as readonly Step[],
      }))
      for (const act of script) {
        const pot = pots[act.on]
        if (pot === undefined) continue
        if ('add' in act) {
          const [added, time] = act.add
          pot.accumulator = aggregate.add(pot.accumulator, added, time)
          pot.content = [...pot.content, act.add]
        } else if ('merge' in act) {
          const from = pots[act.merge]
          if (from === undefined || from === pot || pot.content.length + from.content.length > 60) continue
          pot.accumulator = aggregate.merge(pot.accumulator, from.accumulator)
          pot.content = [...pot.content, ...from.content]
        } else if (aggregate.retract !== undefined && !insertOnly && pot.content.length > 0) {
          const gone = act.retract % pot.content.length
          const [taken, time] = pot.content[gone] ?? [0, 0]
          pot.accumulator = aggregate.retract(pot.accumulator, taken, time)
          pot.content = pot.content.toSpliced(gone, 1)
        }
        for (const { accumulator, content } of pots) {
          expect(aggregate.result(accumulator)).toEqual(resultOf(aggregate, content))
        }
      }
    }),
    { numRuns: 300 },
  )
})

test.each(all)('1: what %s merges in counts as added after', (_, aggregate) => {
  fc.assert(
    fc.property(steps, steps, steps, (before, merged, after) => {
      const into = add(aggregate, aggregate.create(), before)
      const from = add(aggregate, aggregate.create(), merged)
      const both = add(aggregate, aggregate.merge(into, from), after)
      expect(aggregate.result(both)).toEqual(resultOf(aggregate, [...before, ...merged, ...after]))
    }),
  )
})

test.each(all)('2: %s does not depend on the order of arrival', (_, aggregate) => {
  fc.assert(
    fc.property(untied.chain(withShuffled), ([one, other]) => {
      expect(resultOf(aggregate, other)).toEqual(resultOf(aggregate, one))
    }),
  )
})

const timeBound = ['collect', 'first', 'last']
const timeless = all.filter(([name]) => !timeBound.some((each) => name.includes(each)))

test.each(timeless)('2: %s does not even depend on it for equal times', (_, aggregate) => {
  fc.assert(
    fc.property(steps.chain(withShuffled), ([one, other]) => {
      expect(resultOf(aggregate, other)).toEqual(resultOf(aggregate, one))
    }),
  )
})

test.each(retractable.map((aggregate) => [aggregate.name, aggregate] as const))(
  '3: %s takes back what was added',
  (_, aggregate) => {
    // Each step is kept, or taken back when so many others have been added.
    const delay = fc.option(fc.nat({ max: 5 }), { nil: Infinity })
    const plans = fc.uniqueArray(fc.tuple(step, delay), { maxLength: 20, selector: ([[, time]]) => time })
    fc.assert(
      fc.property(plans, (plan) => {
        let accumulator = aggregate.create()
        for (const [now, [[added, time]]] of plan.entries()) {
          accumulator = aggregate.add(accumulator, added, time)
          for (const [then, [[gone, at], after]] of plan.entries()) {
            if (then + after === now) accumulator = aggregate.retract(accumulator, gone, at)
          }
        }
        const left = plan.filter(([, after], then) => then + after >= plan.length).map(([each]) => each)
        expect(aggregate.result(accumulator)).toEqual(resultOf(aggregate, left))
      }),
    )
  },
)

test.each(all)('4: %s is not changed by asking', (_, aggregate) => {
  fc.assert(
    fc.property(steps, (some) => {
      let accumulator = aggregate.create()
      for (const [each, time] of some) {
        aggregate.result(accumulator)
        accumulator = aggregate.add(accumulator, each, time)
      }
      expect(aggregate.result(accumulator)).toEqual(aggregate.result(accumulator))
      expect(aggregate.result(accumulator)).toEqual(resultOf(aggregate, some))
    }),
  )
})
