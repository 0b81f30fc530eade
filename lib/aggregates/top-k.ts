import { show, TidemarkError } from '../errors.ts'
import { type Comparable, comparable } from './extreme.ts'
import type { MergeableAggregate } from './mergeable-aggregate.ts'
import { compareRanks, type Ranked } from './ranked.ts'
import { selector } from './selector.ts'

/**
 * Lists the `k` values with the largest `by`, the best first; fewer when there are fewer. Holds `k` values, and so can't take
 * any back.
 *
 * Of equally good values the earlier by event time comes first. Of equal times the smaller one does, compared as data, so that
 * the order of arrival has no say but between objects of classes, which have no such order.
 *
 * @param k how many values, at least 1
 * @param by a number, text or bigint to rank a value by; the value itself unless given
 * @throws TidemarkError `invalid-argument` if `k` is no whole number above 0 or `by` no function, and later if what it gives
 * is NaN, of any other type, or of types mixed
 * @example
 * topK(10, (hit: Hit) => hit.millis)
 */
export function topK<V extends Comparable>(k: number): MergeableAggregate<V, Ranked<V>[], V[]>
export function topK<T>(k: number, by: (value: T) => Comparable): MergeableAggregate<T, Ranked<T>[], T[]>
export function topK(
  k: number,
  by?: (value: unknown) => Comparable,
): MergeableAggregate<unknown, Ranked<unknown>[], unknown[]> {
  if (!Number.isSafeInteger(k) || k < 1) {
    throw new TidemarkError('invalid-argument', `topK: expected a whole number of values above 0, got ${show(k)}`)
  }
  const rankOf = selector<unknown>('topK', by)
  return {
    name: 'topK',
    create: () => [],
    add(top, value, time) {
      const rank = comparable(rankOf(value), 'topK')
      // By itself, a value is what it was compared as: of the two zeros, 0.
      insert(top, { by: rank, time, value: by === undefined ? rank : value }, k)
      return top
    },
    merge(into, from) {
      for (const ranked of from) insert(into, ranked, k)
      return into
    },
    result: (top) => top.map(({ value }) => value),
  }
}

/** Puts one where it belongs, behind those equally good, and drops what is one too many. */
function insert(top: Ranked<unknown>[], ranked: Ranked<unknown>, k: number): void {
  const isBehind = (other: Ranked<unknown>): boolean => compareRanks(other, ranked, 'largest', 'topK') <= 0
  const worst = top.at(-1)
  // Most values are no candidates.
  if (top.length === k && worst !== undefined && isBehind(worst)) return
  let from = 0
  let until = top.length
  while (from < until) {
    const middle = (from + until) >>> 1
    const other = top[middle]
    if (other !== undefined && isBehind(other)) from = middle + 1
    else until = middle
  }
  top.splice(from, 0, ranked)
  if (top.length > k) top.pop()
}
