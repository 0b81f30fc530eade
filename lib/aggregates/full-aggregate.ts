import type { RetractableAggregate } from './retractable-aggregate.ts'

/** An aggregate with every step: it can take values back and merge. */
export interface FullAggregate<T, A, R> extends RetractableAggregate<T, A, R> {
  /** Adds what is in `from` to `into` and returns that, or a new one. `from` stays as it is, and shares nothing that changes. */
  merge(into: A, from: A): A
}
