import { checkVersion, type VersionedState } from '../checkpoint/versioned-state.ts'
import { type Duration, toPositiveMillis } from '../time.ts'

/**
 * Options of `mapState` and `listState`, and of `valueState`. With the version of values goes a function that makes those of
 * earlier ones what they are now, for jobs that go on from a checkpoint.
 *
 * @typeParam V the values
 */
export interface StateOptions<V = unknown> extends VersionedState<V> {
  /**
   * How long an entry lasts after its last write, in event time; as long as its key unless given. A write has the time of the
   * event or timer at hand. An entry ends when the watermark reaches the latest of these times + `ttl`.
   */
  readonly ttl?: Duration
}

/**
 * A part of the state of each key, as `process` is told of it: made by `valueState`, `mapState` or `listState`. It is plain data;
 * what it declares is found under its name while an event or timer is handled.
 *
 * @typeParam H what is found there
 */
export interface StateSpec<H> {
  readonly kind: 'value' | 'map' | 'list'
  /** How long an entry lasts after its last write, ms; `Infinity` for as long as its key. */
  readonly ttl: number
  readonly versioned: VersionedState<unknown>
  /** What a value is before it is set. */
  readonly initial: unknown
  /** For the compiler alone. */
  readonly handle?: H
}

/** Several of them, under names. */
export type StateSpecs = Readonly<Record<string, StateSpec<unknown>>>

/** What is found under the names of `S`. */
export type StateOf<S extends StateSpecs> = { readonly [N in keyof S]: S[N] extends StateSpec<infer H> ? H : never }

/** Reads and checks what the kinds of state have in common. */
export function specOf<H>(kind: StateSpec<H>['kind'], options: StateOptions, initial?: unknown): StateSpec<H> {
  const who = `${kind}State`
  const { ttl, version, migrate } = options
  checkVersion(who, options)
  return {
    kind,
    ttl: ttl === undefined ? Infinity : toPositiveMillis(ttl, `${who}: ttl`),
    versioned: { ...(version !== undefined && { version }), ...(migrate !== undefined && { migrate }) },
    initial,
  }
}
