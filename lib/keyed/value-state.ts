import { type StateOptions, type StateSpec, specOf } from './state-spec.ts'

/** Options of `valueState`. */
export interface ValueStateOptions<T> extends StateOptions<T> {
  /** What the value is before it is set, and after it has been cleared or has ended; `undefined` unless given. Never changed. */
  readonly initial: T
}

/** A value that a key has. */
export interface ValueState<T, I = undefined> {
  /** What it was set to last, or what it is before that. */
  readonly value: T | I
  set(value: T): void
  /** Frees it. */
  clear(): void
}

/**
 * Declares a value for each key of a `process`.
 *
 * Held until it is cleared, its time to live is over, or its key is freed.
 *
 * @throws TidemarkError `invalid-argument` or `invalid-duration` for a `ttl` that is no duration > 0
 * @see Flink's `ValueState`
 * @example
 * process({ state: { last: valueState<number>(), count: valueState({ initial: 0, ttl: '1h' }) }, onEvent }, { keep: '1d' })
 */
export function valueState<T>(options: ValueStateOptions<T>): StateSpec<ValueState<T, T>>
export function valueState<T>(options?: StateOptions<T>): StateSpec<ValueState<T>>
export function valueState<T>(
  options: StateOptions<T> & { readonly initial?: T } = {},
): StateSpec<ValueState<T, T | undefined>> {
  return specOf('value', options, options.initial)
}
