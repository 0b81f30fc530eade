import { countDistinct } from '../lib/aggregates/count-distinct.ts'
import type { MergeableAggregate } from '../lib/aggregates/mergeable-aggregate.ts'
import type { Multiset, Primitive } from '../lib/aggregates/multiset.ts'

/** Different values, or a list in which some may be there several times: what has been read of a column. */
type Values = Multiset<Primitive> | readonly Primitive[]

const of = countDistinct<Primitive>()

/** Counts the different values, as `countDistinct`, some of which may come in lists. */
export const distinctValues: MergeableAggregate<Primitive, Values, number> = {
  name: of.name,
  keepsValues: true,
  create: (insertOnly) => of.create(insertOnly),
  add: (values, value, time) => of.add(multisetOf(values), value, time),
  merge(into, from) {
    const values = multisetOf(into)
    if (!isList(from)) return of.merge(values, from)
    if (values instanceof Set) for (const value of from) values.add(value)
    else for (const value of from) of.add(values, value, 0)
    return values
  },
  result: (values) => of.result(multisetOf(values)),
}

function multisetOf(values: Values): Multiset<Primitive> {
  return isList(values) ? new Set(values) : values
}

function isList(values: Values): values is readonly Primitive[] {
  return Array.isArray(values)
}
