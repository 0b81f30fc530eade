import { show, TidemarkError } from '../errors.ts'

/** A value that a map finds again by what it is, and not by which one it is. */
export type Primitive = string | number | bigint | boolean | null | undefined

/**
 * Different values. Where one may be taken back, with how often each is there: counters that are changed in place, so that a
 * value seen before costs one look-up.
 */
export type Multiset<V> = Set<V> | Map<V, { count: number }>

/** @param insertOnly nothing will be taken back */
export function emptyMultiset<V>(insertOnly = false): Multiset<V> {
  return insertOnly ? new Set() : new Map()
}

/** @throws TidemarkError `invalid-key` for an object, a function or a symbol */
export function addTo(values: Multiset<Primitive>, value: Primitive, who: string): void {
  if (values instanceof Set) {
    const { size } = values
    values.add(value)
    if (values.size > size) primitive(value, who)
    return
  }
  const counter = values.get(value)
  if (counter !== undefined) counter.count += 1
  else values.set(primitive(value, who), { count: 1 })
}

/** @throws TidemarkError `unsupported` when it is not there, or nothing was to be taken back */
export function removeFrom(values: Multiset<Primitive>, value: Primitive, who: string): void {
  const counter = values instanceof Set ? undefined : values.get(value)
  if (counter === undefined) {
    throw new TidemarkError('unsupported', `${who}: expected to take back a value that is there, got ${show(value)}`)
  }
  if (counter.count === 1) values.delete(value)
  else counter.count -= 1
}

/** Adds all of `from`, which stays as it is, to `into`. Both were made for the same. */
export function addAll(into: Multiset<Primitive>, from: Multiset<Primitive>): Multiset<Primitive> {
  if (into instanceof Set || from instanceof Set) {
    if (into instanceof Set) for (const value of from.keys()) into.add(value)
    return into
  }
  for (const [value, { count }] of from) {
    const present = into.get(value)
    if (present === undefined) into.set(value, { count })
    else present.count += count
  }
  return into
}

/** @throws TidemarkError `invalid-key` for an object, a function or a symbol */
export function primitive(value: Primitive, who: string): Primitive {
  switch (typeof value) {
    case 'object':
      if (value === null) return value
      break
    case 'function':
    case 'symbol':
      break
    default:
      return value
  }
  throw new TidemarkError(
    'invalid-key',
    `${who}: expected a text, number, bigint, boolean, null or undefined, got ${show(value)}`,
  )
}
