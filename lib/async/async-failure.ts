import type { Event } from '../element.ts'

/** An event that no answer could be had for. */
export interface AsyncFailure<T, K = undefined, P = undefined> {
  readonly event: Event<T, K, P>
  /** Of the last attempt: what the promise rejected with, what was thrown in place of one, or a `TidemarkError` for one too slow. */
  readonly error: unknown
  /** How many there have been. */
  readonly attempts: number
}
