/** What generated data depends on, and nothing else. */
export interface Seeds {
  /** Of what happens. */
  readonly seed?: number
  /** Of how long each event is on its way, and so of the order of arrival. */
  readonly arrival?: number
}

/** Chance that can be repeated. */
export interface Random {
  /** A number in [0, 1). */
  next(): number
  /** A whole number in [0, n). */
  below(n: number): number
  pick<T>(items: readonly T[]): T
}

/** Makes a linear congruential generator: the same numbers for the same seed. */
export function seeded(seed: number): Random {
  let state = Math.imul(seed, 0x9e37_79b1) >>> 0
  const next = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
  const below = (n: number): number => Math.floor(next() * n)
  return { next, below, pick: <T>(items: readonly T[]) => items[below(items.length)] as T }
}
