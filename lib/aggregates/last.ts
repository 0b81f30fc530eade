import type { MergeableAggregate } from './mergeable-aggregate.ts'
import type { Dated } from './dated.ts'
import { selector } from './selector.ts'

/**
 * Keeps the value with the latest event time; `undefined` when there is none. Of equal times the one that arrived last wins.
 * Holds one value, and so can't take any back.
 *
 * @param of what of a value to keep; the value itself unless given
 * @throws TidemarkError `invalid-argument` if `of` is no function
 * @example
 * last((hit: Hit) => hit.status)
 */
export function last<T>(): MergeableAggregate<T, Dated<T | undefined>, T | undefined>
export function last<T, V>(of: (value: T) => V): MergeableAggregate<T, Dated<V | undefined>, V | undefined>
export function last(of?: (value: unknown) => unknown): MergeableAggregate<unknown, Dated<unknown>, unknown> {
  const valueOf = selector('last', of)
  return {
    name: 'last',
    create: () => ({ time: -Infinity, value: undefined }),
    add(last, value, time) {
      if (time >= last.time) {
        last.time = time
        last.value = valueOf(value)
      }
      return last
    },
    // What was merged in counts as the later arrival.
    merge(into, from) {
      if (from.time >= into.time) {
        into.time = from.time
        into.value = from.value
      }
      return into
    },
    result: (last) => last.value,
  }
}
