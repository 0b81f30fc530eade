import type { Tried } from './tried.ts'

/**
 * Something that holds for a pipeline, whatever arrives and in whatever order.
 *
 * @typeParam T the values that come in; `unknown` if the law does not look at them
 */
export interface Law<in T = unknown> {
  readonly name: string
  /** What goes wrong for whoever has a pipeline that breaks it. */
  readonly why: string
  /** What it needs of a pipeline, so that it can be asked of it. */
  readonly needs: string
  /** Tries it on one case; throws a `Refutation` if it does not hold. */
  readonly check: (tried: Tried<T>) => Promise<void>
}
