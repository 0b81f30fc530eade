import type { Comparable } from '../aggregates/extreme.ts'
import type { Diff, Event } from '../element.ts'
import { show, TidemarkError } from '../errors.ts'

/** A row that has a place in a ranking, and what it is ranked by. */
export interface Contender<T, K> {
  readonly row: Event<T, K, unknown, Diff>
  readonly by: Comparable
  /** In the order in which rows came: breaks ties. */
  readonly number: number
}

/** The rows of a group, the one with the largest `by` first, of equal ones the one that came first. */
export class Ranking<T, K> {
  readonly #rows: Contender<T, K>[] = []

  get size(): number {
    return this.#rows.length
  }

  at(index: number): Contender<T, K> | undefined {
    return this.#rows[index]
  }

  /** Adds a row, and returns its place. */
  add(contender: Contender<T, K>): number {
    const place = this.#placeOf(contender)
    this.#rows.splice(place, 0, contender)
    return place
  }

  /** Removes a row that is there, and returns the place it had. */
  remove(contender: Contender<T, K>): number {
    const place = this.#placeOf(contender)
    this.#rows.splice(place, 1)
    return place
  }

  /** How many rows are better. */
  #placeOf(contender: Contender<T, K>): number {
    const rows = this.#rows
    let from = 0
    let until = rows.length
    while (from < until) {
      const middle = (from + until) >>> 1
      const other = rows[middle]
      if (other !== undefined && isBetter(other, contender)) from = middle + 1
      else until = middle
    }
    return from
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
