import { compare } from './compare.ts'
import { addAll, addTo, emptyMultiset, type Multiset, type Primitive, removeFrom } from './multiset.ts'
import type { FullAggregate } from './full-aggregate.ts'
import { selector } from './selector.ts'

/**
 * Lists the different values in ascending order; `[]` when there are none. Holds each different value, and how often it is
 * there if it may be taken back.
 *
 * The order is that of the values, texts by UTF-16 code unit, because neither arrival nor ties of event time have a say in
 * it, and because it needs no times kept. Of mixed types: bigints, false, true, numbers, NaN, null, texts, undefined.
 *
 * @param of what of a value to list; the value itself unless given
 * @throws TidemarkError `invalid-argument` if `of` is no function; later `invalid-key` for an object, `unsupported` when a
 * value is to be taken back that is not there
 * @example
 * distinct((hit: Hit) => hit.host)
 */
export function distinct<V extends Primitive>(): FullAggregate<V, Multiset<V>, V[]>
export function distinct<T, V extends Primitive>(of: (value: T) => V): FullAggregate<T, Multiset<V>, V[]>
export function distinct(
  of?: (value: Primitive) => Primitive,
): FullAggregate<Primitive, Multiset<Primitive>, Primitive[]> {
  const valueOf = selector('distinct', of)
  return {
    name: 'distinct',
    keepsValues: true,
    create: emptyMultiset,
    add(values, value) {
      addTo(values, valueOf(value), 'distinct')
      return values
    },
    merge: addAll,
    result: (values) => [...values.keys()].sort(compare),
    retract(values, value) {
      removeFrom(values, valueOf(value), 'distinct')
      return values
    },
  }
}
