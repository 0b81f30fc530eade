import { show, TidemarkError } from '../errors.ts'
import { compare } from './compare.ts'
import type { Comparable } from './extreme.ts'

/** A value, what it is ranked by, and its event time. */
export interface Ranked<V> {
  readonly by: Comparable
  readonly time: number
  readonly value: V
}

/** Which end of the order is best. */
export type Best = 'smallest' | 'largest'

/**
 * Orders ranked values, the best first. Of equally good ones the earlier comes first; of equal times, the smaller as data; only
 * what has no order as data is left to the order of arrival.
 *
 * @throws TidemarkError `invalid-argument` for two of different kinds, which have no order
 */
export function compareRanks(a: Ranked<unknown>, b: Ranked<unknown>, best: Best, who: string): number {
  if (typeof a.by !== typeof b.by) {
    throw new TidemarkError(
      'invalid-argument',
      `${who}: expected values of one kind, got ${show(a.by)} beside ${show(b.by)}`,
    )
  }
  if (a.by !== b.by) return a.by < b.by === (best === 'smallest') ? -1 : 1
  return a.time - b.time || compare(a.value, b.value)
}
