import type { Diff } from '../element.ts'
import type { AggregateSpec } from './combine.ts'
import type { RetractableAggregate } from './retractable-aggregate.ts'

/**
 * One aggregate, or a record of them, for the values of a stream; where those may be taken back (`D` is `Diff`), each of them
 * must be able to do so. As the type of a parameter it lets `T` flow in from the context, and `R` out.
 */
export type AggregateFor<T, R, D extends Diff> = [D] extends [1] ? AggregateSpec<T, R> : RetractableSpec<T, R>

/** One aggregate that can take values back, or a record of such. */
export type RetractableSpec<T, R> =
  RetractableAggregate<T, unknown, R> | { readonly [N in keyof R]: RetractableAggregate<T, unknown, R[N]> }
