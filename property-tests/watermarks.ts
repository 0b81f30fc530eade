import * as fc from 'fast-check'
import { type Duration, toNonNegativeMillis } from '../lib/time.ts'
import type { WatermarkGenerator, WatermarkStrategy } from '../lib/watermarks/watermark-strategy.ts'

/** Options of `watermarks`. */
export interface WatermarksOptions {
  /** How far behind the highest time watermarks stay at least. */
  readonly disorder: Duration
  /** How much closer some may come, so that events within `disorder` are late; 0 unless given. */
  readonly haste?: Duration
}

/**
 * Makes watermark strategies: with a bound, as `boundedOutOfOrderness`; punctuated, as an event now and then declares how far time has
 * come; heuristic, whose guesses differ, and go back. Those shrink to the bound.
 *
 * When to use it: for operators and pipelines that must not depend on which strategy their source has.
 *
 * @throws TidemarkError `invalid-duration` for durations that are none
 */
export function watermarks({ disorder, haste = 0 }: WatermarksOptions): fc.Arbitrary<WatermarkStrategy<unknown>> {
  const bound = toNonNegativeMillis(disorder, 'watermarks: disorder')
  const lead = toNonNegativeMillis(haste, 'watermarks: haste')
  const lags = fc.array(fc.oneof(fc.nat({ max: 2 * bound }), fc.constant(0)), { minLength: 1, maxLength: 5 })
  return fc.oneof(
    { withCrossShrink: true },
    fc.nat({ max: lead }).map((closer) => strategyOf(`bounded(${bound - closer})`, () => bound - closer)),
    fc
      .tuple(fc.integer({ min: 2, max: 7 }), fc.nat({ max: lead }))
      .map(([every, closer]) =>
        strategyOf(`punctuated(${every}, ${bound - closer})`, (n) => (n % every === 0 ? bound - closer : Infinity)),
      ),
    fc
      .tuple(lags, fc.nat({ max: lead }))
      .map(([all, closer]) =>
        strategyOf(
          `heuristic(${all.join(' ')}, ${bound - closer})`,
          (n) => bound - closer + (all[n % all.length] ?? 0),
        ),
      ),
  )
}

/** @param lagOf how far the watermark behind the n-th event stays behind the highest time; `Infinity` for none */
function strategyOf(name: string, lagOf: (n: number) => number): WatermarkStrategy<unknown> {
  return {
    name,
    idleTimeout: undefined,
    maxFutureSkew: undefined,
    create(): WatermarkGenerator<unknown> {
      let highest = -Infinity
      let n = 0
      return {
        onEvent(_, time) {
          highest = Math.max(highest, time)
          n += 1
          return highest - lagOf(n)
        },
      }
    },
  }
}
