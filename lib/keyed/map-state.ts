import { type StateOptions, type StateSpec, specOf } from './state-spec.ts'

/** A map that a key has. */
export interface MapState<N, V> {
  readonly size: number
  get(name: N): V | undefined
  has(name: N): boolean
  set(name: N, value: V): void
  /** Frees an entry; false if there was none. */
  delete(name: N): boolean
  /** In the order in which they were added. */
  keys(): Iterable<N>
  values(): Iterable<V>
  entries(): Iterable<readonly [N, V]>
  /** Frees all entries. */
  clear(): void
}

/**
 * Declares a map for each key of a `process`.
 *
 * Each entry is held until it is deleted, its time to live is over, or its key is freed.
 *
 * @throws TidemarkError `invalid-argument` or `invalid-duration` for a `ttl` that is no duration > 0
 * @see Flink's `MapState`
 * @example
 * process({ state: { open: mapState<string, Order>({ ttl: '1h' }) }, onEvent }, { keep: '1d' })
 */
export function mapState<N, V>(options: StateOptions<V> = {}): StateSpec<MapState<N, V>> {
  return specOf('map', options)
}
