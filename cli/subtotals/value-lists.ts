import type { RangeSubtotals } from './range.ts'

/** What the numbers in the lists of one reader of ranges stand for. */
export class ValueLists {
  /** By aggregate. */
  readonly #values = new Map<number | undefined, unknown[]>()

  /** Puts values in the place of their numbers. What a reader has made comes here in the order in which it was made. */
  resolve(made: RangeSubtotals): RangeSubtotals {
    const { lists, subtotals } = made
    if (lists.length === 0) return made
    for (const { aggregate, isFresh, values } of lists) {
      const known = isFresh ? [] : (this.#values.get(aggregate) ?? [])
      for (const value of values) known.push(value)
      this.#values.set(aggregate, known)
    }
    return {
      ...made,
      lists: [],
      subtotals: subtotals.map((subtotal) =>
        'value' in subtotal ? subtotal : { ...subtotal, accumulator: this.#resolved(subtotal.accumulator, lists) },
      ),
    }
  }

  #resolved(accumulator: unknown, lists: RangeSubtotals['lists']): unknown {
    if (lists[0]?.aggregate === undefined) return this.#valuesOf(undefined, accumulator)
    const parts = [...(accumulator as readonly unknown[])]
    for (const { aggregate = 0 } of lists) parts[aggregate] = this.#valuesOf(aggregate, parts[aggregate])
    return parts
  }

  #valuesOf(aggregate: number | undefined, numbers: unknown): readonly unknown[] {
    const values = this.#values.get(aggregate) ?? []
    const resolved: unknown[] = []
    // What stands in their place is of no other kind.
    for (const number of numbers as Int32Array) resolved.push(values[number])
    return resolved
  }
}
