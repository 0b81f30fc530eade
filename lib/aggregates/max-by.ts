import type { Comparable } from './extreme.ts'
import { extremeBy } from './extreme-by.ts'
import type { MergeableAggregate } from './mergeable-aggregate.ts'
import type { Ranked } from './ranked.ts'

/**
 * Finds the value with the largest `by`, or what is wanted of it; `undefined` when there is none. Holds one value, and so can't
 * take any back.
 *
 * Of equally good values the earlier by event time wins. Of equal times the smaller one does, compared as data, so that the
 * order of arrival has no say but between objects of classes, which have no such order.
 *
 * @param by a number, text or bigint to compare values by
 * @param project what of the value found to keep; the value itself unless given
 * @throws TidemarkError `invalid-argument` if one of them is no function, and later if what `by` gives is NaN, of any other
 * type, or of types mixed
 * @example
 * maxBy((hit: Hit) => hit.bytes)
 */
export function maxBy<T>(by: (value: T) => Comparable): MergeableAggregate<T, Ranked<T> | undefined, T | undefined>
export function maxBy<T, V>(
  by: (value: T) => Comparable,
  project: (value: T) => V,
): MergeableAggregate<T, Ranked<V> | undefined, V | undefined>
export function maxBy(
  by: (value: unknown) => Comparable,
  project?: (value: unknown) => unknown,
): MergeableAggregate<unknown, Ranked<unknown> | undefined, unknown> {
  return extremeBy('maxBy', 'largest', by, project)
}
