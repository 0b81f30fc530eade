import type { MergeableAggregate } from './mergeable-aggregate.ts'
import { type Comparable, type Extreme, extreme } from './extreme.ts'

/**
 * Finds the largest number, text or bigint; `undefined` when there is none. Holds one value, and so can't take any back.
 *
 * @param of what of a value to compare; the value itself unless given
 * @throws TidemarkError `invalid-argument` if `of` is no function, and later for NaN, any other type, or types mixed
 * @example
 * max((hit: Hit) => hit.millis)
 */
export function max<V extends Comparable>(): MergeableAggregate<V, Extreme, V | undefined>
export function max<T, V extends Comparable>(of: (value: T) => V): MergeableAggregate<T, Extreme, V | undefined>
export function max(of?: (value: Comparable) => Comparable): MergeableAggregate<Comparable, Extreme, Extreme> {
  return extreme('max', of, (value, than) => value > than)
}
