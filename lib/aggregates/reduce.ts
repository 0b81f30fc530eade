import type { MergeableAggregate } from './mergeable-aggregate.ts'
import { show, TidemarkError } from '../errors.ts'

/** What the values so far come to, if there were any. */
export type Reduced<T> = { readonly isEmpty: true } | { readonly isEmpty: false; value: T }

/**
 * Combines the values two by two; `undefined` when there are none. Values come as they arrive and windows merge, so `fn`
 * must be associative and commutative, or the result depends on the order of arrival. Holds one value, and can't take any
 * back: `fold` can, with a `retract` of yours.
 *
 * @param fn makes one value of two; must not alter them
 * @throws TidemarkError `invalid-argument` if `fn` is no function
 * @example
 * reduce((a: Hit, b: Hit) => (a.bytes >= b.bytes ? a : b))
 */
export function reduce<T>(fn: (a: T, b: T) => T): MergeableAggregate<T, Reduced<T>, T | undefined> {
  if (typeof fn !== 'function') {
    throw new TidemarkError('invalid-argument', `reduce: expected a function of two values, got ${show(fn)}`)
  }
  return {
    name: 'reduce',
    create: () => ({ isEmpty: true }),
    add(reduced, value) {
      if (reduced.isEmpty) return { isEmpty: false, value }
      reduced.value = fn(reduced.value, value)
      return reduced
    },
    merge(into, from) {
      if (from.isEmpty) return into
      if (into.isEmpty) return { isEmpty: false, value: from.value }
      into.value = fn(into.value, from.value)
      return into
    },
    result: (reduced) => (reduced.isEmpty ? undefined : reduced.value),
  }
}
