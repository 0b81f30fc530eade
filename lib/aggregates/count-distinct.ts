import { addAll, addTo, emptyMultiset, type Multiset, type Primitive, removeFrom } from './multiset.ts'
import type { FullAggregate } from './full-aggregate.ts'
import { selector } from './selector.ts'

/**
 * Counts the different values; 0 when there are none. Exact: holds each different value, and how often it is there
 * if it may be taken back.
 *
 * @param of what of a value to count; the value itself unless given
 * @throws TidemarkError `invalid-argument` if `of` is no function; later `invalid-key` for an object, `unsupported` when a
 * value is to be taken back that is not there
 * @example
 * countDistinct((hit: Hit) => hit.host)
 */
export function countDistinct<V extends Primitive>(): FullAggregate<V, Multiset<V>, number>
export function countDistinct<T, V extends Primitive>(of: (value: T) => V): FullAggregate<T, Multiset<V>, number>
export function countDistinct(
  of?: (value: Primitive) => Primitive,
): FullAggregate<Primitive, Multiset<Primitive>, number> {
  const valueOf = selector('countDistinct', of)
  return {
    name: 'countDistinct',
    keepsValues: true,
    create: emptyMultiset,
    add(values, value) {
      addTo(values, valueOf(value), 'countDistinct')
      return values
    },
    merge: addAll,
    result: (values) => values.size,
    retract(values, value) {
      removeFrom(values, valueOf(value), 'countDistinct')
      return values
    },
  }
}
