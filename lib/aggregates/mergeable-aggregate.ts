import type { Aggregate } from '../aggregate.ts'

/** An aggregate that can put two accumulators together, and so can stand in sessions and other windows that merge. */
export interface MergeableAggregate<T, A, R> extends Aggregate<T, A, R> {
  /** Adds what is in `from` to `into` and returns that, or a new one. `from` stays as it is, and shares nothing that changes. */
  merge(into: A, from: A): A
}
