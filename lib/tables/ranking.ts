import type { Comparable } from '../aggregates/extreme.ts'
import type { Diff, Event } from '../element.ts'
import { show, TidemarkError } from '../errors.ts'
import { SortedBlocks } from './sorted-blocks.ts'

/** A row that has a place in a ranking, and what it is ranked by. */
export interface Contender<T, K> {
  readonly row: Event<T, K, unknown, Diff>
  readonly by: Comparable
  /** In the order in which rows came: breaks ties. */
  readonly number: number
}

/** The rows of a group, the one with the largest `by` first, of equal ones the one that came first. */
export class Ranking<T, K> extends SortedBlocks<Contender<T, K>> {
  constructor() {
    super(isBetter)
  }
}

function isBetter(a: Contender<unknown, unknown>, b: Contender<unknown, unknown>): boolean {
  if (typeof a.by !== typeof b.by) {
    throw new TidemarkError(
      'invalid-argument',
      `topN: expected values of one kind, got ${show(b.by)} beside ${show(a.by)}`,
    )
  }
  return a.by === b.by ? a.number < b.number : a.by > b.by
}
