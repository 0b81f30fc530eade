import * as fc from 'fast-check'
import type { Arrival } from './arrival.ts'
import { calm, type Case } from './case.ts'
import { paces } from './pace.ts'

/**
 * Makes cases: events, and all that may happen to a pipeline while they go through it. Everything follows from the one seed.
 *
 * A failing case first shrinks to a calm one, in which nothing happens that the failure does not need: no odd chunks, a clock that
 * stands still, one split, an early crash. Then its events shrink.
 *
 * Use it where a property is written by hand, as with `test.prop` of `@fast-check/vitest`; `checkPipeline` does so by itself.
 *
 * @param events what arrives, as `events` makes it
 * @example
 * ```ts
 * test.prop([cases(events({ value: fc.nat(9), span: '1h' }))])('hourly users', (tried) =>
 *   checkCase(hourlyUsers, { watermark, laws: [laws.orderInsensitive()] }, tried),
 * )
 * ```
 */
export function cases<T>(events: fc.Arbitrary<readonly Arrival<T>[]>): fc.Arbitrary<Case<T>> {
  const still = calm<T>([])
  return fc
    .tuple(
      calmOr(still.pace, paces()),
      calmOr(still.clock, clocks()),
      calmOr(still.splits, splitsOf(3)),
      calmOr(still.crashes, crashes()),
      calmOr(still.shift, shifts),
      events,
    )
    .map(([pace, clock, splits, crashing, shift, arrivals]) => ({
      events: arrivals,
      pace,
      clock,
      splits,
      crashes: crashing,
      shift,
    }))
}

/** Makes clocks of processing time: how far one moves before each read, ms. They shrink to one that stands still. */
export function clocks(): fc.Arbitrary<readonly number[]> {
  const step = fc.oneof(fc.constant(0), fc.nat({ max: 10 }), fc.constantFrom(1_000, 60_000, 3_600_000))
  return fc.array(step, { minLength: 1, maxLength: 4 })
}

/** Makes crash points, of up to two runs, and cadences of checkpoints. They shrink to a single crash that comes early. */
export function crashes(): fc.Arbitrary<Case<unknown>['crashes']> {
  return fc.record({
    steps: fc.array(fc.nat({ max: 200 }), { minLength: 1, maxLength: 2 }),
    every: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 3 }),
  })
}

/** Makes ways to deal events out to splits, evenly or to one for long, while the others are quiet. They shrink to one split. */
export function splitsOf(count: number): fc.Arbitrary<readonly number[]> {
  const split = fc.nat({ max: count - 1 })
  const runs = fc.array(fc.tuple(split, fc.integer({ min: 1, max: 6 })), { minLength: 1, maxLength: 4 })
  return runs.map((all) => all.flatMap(([which, length]) => Array.from({ length }, () => which)))
}

/** Shrinks to the calm one at once, if that fails too. */
function calmOr<V>(still: V, others: fc.Arbitrary<V>): fc.Arbitrary<V> {
  return fc.oneof({ withCrossShrink: true }, fc.constant(still), { arbitrary: others, weight: 4 })
}

const shifts = fc.integer({ min: -1_000, max: 1_000 }).filter((periods) => periods !== 0)
