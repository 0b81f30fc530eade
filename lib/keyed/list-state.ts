import { type StateOptions, type StateSpec, specOf } from './state-spec.ts'

/** A list that a key has. */
export interface ListState<V> {
  readonly size: number
  push(value: V): void
  /** In the order in which they were pushed. */
  values(): Iterable<V>
  /** Frees all values. */
  clear(): void
}

/**
 * Declares a list for each key of a `process`.
 *
 * Each value is held until the list is cleared, its time to live is over, or its key is freed.
 *
 * @throws TidemarkError `invalid-argument` or `invalid-duration` for a `ttl` that is no duration > 0
 * @see Flink's `ListState`
 * @example
 * process({ state: { recent: listState<Reading>({ ttl: '10m' }) }, onEvent }, { keep: '1d' })
 */
export function listState<V>(options: StateOptions<V> = {}): StateSpec<ListState<V>> {
  return specOf('list', options)
}
