import { type Comparable, comparable } from './extreme.ts'
import type { MergeableAggregate } from './mergeable-aggregate.ts'
import { type Best, compareRanks, type Ranked } from './ranked.ts'
import { givenSelector, selector } from './selector.ts'

/** The aggregate behind `minBy` and `maxBy`: keeps what is wanted of a value until one comes that is better. */
export function extremeBy(
  name: string,
  best: Best,
  by: (value: unknown) => Comparable,
  project: ((value: unknown) => unknown) | undefined,
): MergeableAggregate<unknown, Ranked<unknown> | undefined, unknown> {
  const rankOf = givenSelector(name, by)
  const projected = selector(name, project)
  return {
    name,
    create: () => undefined,
    add(kept, value, time) {
      const ranked = { by: comparable(rankOf(value), name), time, value: projected(value) }
      return kept === undefined || compareRanks(ranked, kept, best, name) < 0 ? ranked : kept
    },
    // What is kept is never changed, and so may be shared.
    merge: (into, from) =>
      into === undefined || (from !== undefined && compareRanks(from, into, best, name) < 0) ? from : into,
    result: (kept) => kept?.value,
  }
}
