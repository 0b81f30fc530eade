import { addExactly, type ExactSum, mergeExactly, roundedSum } from './exact-sum.ts'
import { finite } from './finite.ts'
import type { FullAggregate } from './full-aggregate.ts'
import { selector } from './selector.ts'

/**
 * Adds up numbers; 0 when there are none. The sum is exact and rounded once, at the end, so it does not depend on the order
 * of arrival, and what is taken back leaves nothing behind. Holds a few numbers.
 *
 * @param of what of a value to add; the value itself unless given
 * @throws TidemarkError `invalid-argument` if `of` is no function, and later for anything but a finite number
 * @example
 * sum((hit: Hit) => hit.bytes)
 */
export function sum(): FullAggregate<number, ExactSum, number>
export function sum<T>(of: (value: T) => number): FullAggregate<T, ExactSum, number>
export function sum(of?: (value: number) => number): FullAggregate<number, ExactSum, number> {
  const numberOf = selector('sum', of)
  return {
    name: 'sum',
    create: () => ({ high: 0, low: 0, rest: undefined }),
    add(sum, value) {
      addExactly(sum, finite(numberOf(value), 'sum'), 'sum')
      return sum
    },
    merge(into, from) {
      mergeExactly(into, from, 'sum')
      return into
    },
    result: roundedSum,
    retract(sum, value) {
      addExactly(sum, -finite(numberOf(value), 'sum'), 'sum')
      return sum
    },
  }
}
