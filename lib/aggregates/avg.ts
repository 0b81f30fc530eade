import { addExactly, type ExactSum, mergeExactly, roundedSum } from './exact-sum.ts'
import { finite } from './finite.ts'
import type { FullAggregate } from './full-aggregate.ts'
import { selector } from './selector.ts'

/** An exact sum and how many numbers are in it. */
export interface ExactMean extends ExactSum {
  count: number
}

/**
 * Averages numbers; `undefined` when there are none. As exact as `sum`, so it does not depend on the order of arrival. Holds
 * a few numbers.
 *
 * @param of what of a value to average; the value itself unless given
 * @throws TidemarkError `invalid-argument` if `of` is no function, and later for anything but a finite number
 * @example
 * avg((hit: Hit) => hit.millis)
 */
export function avg(): FullAggregate<number, ExactMean, number | undefined>
export function avg<T>(of: (value: T) => number): FullAggregate<T, ExactMean, number | undefined>
export function avg(of?: (value: number) => number): FullAggregate<number, ExactMean, number | undefined> {
  const numberOf = selector('avg', of)
  return {
    name: 'avg',
    create: () => ({ high: 0, low: 0, rest: undefined, count: 0 }),
    add(mean, value) {
      addExactly(mean, finite(numberOf(value), 'avg'), 'avg')
      mean.count += 1
      return mean
    },
    merge(into, from) {
      mergeExactly(into, from, 'avg')
      into.count += from.count
      return into
    },
    result: (mean) => (mean.count === 0 ? undefined : roundedSum(mean) / mean.count),
    retract(mean, value) {
      addExactly(mean, -finite(numberOf(value), 'avg'), 'avg')
      mean.count -= 1
      return mean
    },
  }
}
