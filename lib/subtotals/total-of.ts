import type { MergeableAggregate } from '../aggregates/mergeable-aggregate.ts'
import type { Subtotal } from './subtotal.ts'

/** Stands where nothing has come: an aggregate may use any other value as an accumulator. */
const nothing: unique symbol = Symbol('nothing')

/**
 * Makes the aggregate of subtotals of another one. The accumulators it is given become its own: each goes into one window, or one slice of
 * several, and nobody else may use it.
 */
export function totalOf<T, R>(
  of: MergeableAggregate<T, unknown, R>,
): MergeableAggregate<Subtotal<unknown, T>, unknown, R> {
  const some = (accumulator: unknown): unknown => (accumulator === nothing ? of.create(true) : accumulator)
  return {
    name: of.name,
    ...(of.keepsValues !== undefined && { keepsValues: of.keepsValues }),
    create: () => nothing,
    add(into, subtotal) {
      if ('value' in subtotal) return of.add(some(into), subtotal.value, subtotal.time)
      return into === nothing ? subtotal.accumulator : of.merge(into, subtotal.accumulator)
    },
    merge: (into, from) => (from === nothing ? into : of.merge(some(into), from)),
    result: (accumulator) => of.result(some(accumulator)),
  }
}
