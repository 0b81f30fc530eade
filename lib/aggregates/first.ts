import type { MergeableAggregate } from './mergeable-aggregate.ts'
import type { Dated } from './dated.ts'
import { selector } from './selector.ts'

/**
 * Keeps the value with the earliest event time; `undefined` when there is none. Of equal times the one that arrived first
 * wins. Holds one value, and so can't take any back.
 *
 * @param of what of a value to keep; the value itself unless given
 * @throws TidemarkError `invalid-argument` if `of` is no function
 * @example
 * first((hit: Hit) => hit.url)
 */
export function first<T>(): MergeableAggregate<T, Dated<T | undefined>, T | undefined>
export function first<T, V>(of: (value: T) => V): MergeableAggregate<T, Dated<V | undefined>, V | undefined>
export function first(of?: (value: unknown) => unknown): MergeableAggregate<unknown, Dated<unknown>, unknown> {
  const valueOf = selector('first', of)
  return {
    name: 'first',
    create: () => ({ time: Infinity, value: undefined }),
    add(first, value, time) {
      if (time < first.time) {
        first.time = time
        first.value = valueOf(value)
      }
      return first
    },
    merge(into, from) {
      if (from.time < into.time) {
        into.time = from.time
        into.value = from.value
      }
      return into
    },
    result: (first) => first.value,
  }
}
