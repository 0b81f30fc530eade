/**
 * A match of a pattern: what each stage has matched, by its name.
 *
 * @typeParam S which stages have `one` event, `maybe` one, or `many`
 */
export type Match<T, S> = {
  readonly [N in keyof S]: S[N] extends 'many' ? readonly T[] : S[N] extends 'maybe' ? T | undefined : T
}

/** What a partial match of a pattern has: any of its stages may have nothing yet. */
export type PartOfMatch<T, S> = { readonly [N in keyof S]: S[N] extends 'many' ? readonly T[] : T | undefined }

/**
 * A pattern that is complete, for `detect`: made by `begin`, and what follows, up to `within`.
 *
 * @typeParam T the values it is looked for in
 * @typeParam S the kinds of its stages, by name
 */
export interface Pattern<T, S extends object> {
  /** The stages in their order, without what must not come. */
  readonly stages: readonly string[]
  /** From the first event on, ms. A match lies in less than that. */
  readonly within: number
  /** Known to the types alone: the values it is for, and the kinds of its stages. */
  readonly shape?: (value: T) => S
}
