import type { Columns } from '../../adapters/records/columns.ts'
import type { SliceGroups } from '../../lib/subtotals/slice-groups.ts'
import type { Key } from '../../operators/key-by.ts'
import { keyOfFields } from '../rows.ts'
import type { ColumnField } from './column-field.ts'

/** Finds the groups of rows by the columns that make their keys. */
export class ColumnKeys {
  readonly #fields: readonly ColumnField[]
  /** Of a single column with a dictionary, by its numbers and 1 more: the slice that the value came in last, and its group there. */
  #slices = new Int32Array()
  #groups = new Int32Array()

  constructor(fields: readonly ColumnField[]) {
    this.#fields = fields
  }

  /** Turns to the next rows. */
  begin(columns: Columns): void {
    let hasBegun = false
    for (const field of this.#fields) hasBegun = field.begin(columns) || hasBegun
    if (hasBegun) this.clear()
  }

  /** Forgets groups. */
  clear(): void {
    this.#slices.fill(0)
  }

  /**
   * Finds the groups of rows that are in the slice which the groups have been turned to.
   *
   * @param until behind the last one
   * @param into gets the groups
   */
  find(groups: SliceGroups<Key>, times: Float64Array, from: number, until: number, into: Int32Array): void {
    const [field, ...others] = this.#fields
    if (field === undefined) into.fill(groups.groupOf(undefined, times[from] ?? 0), from, until)
    else if (others.length === 0 && field.numbers !== undefined) {
      this.#findKnown(field, field.numbers, groups, times, from, until, into)
    } else for (let row = from; row < until; row++) into[row] = groups.groupOf(this.#keyOf(row), times[row] ?? 0)
  }

  #findKnown(
    field: ColumnField,
    numbers: Int32Array,
    groups: SliceGroups<Key>,
    times: Float64Array,
    from: number,
    until: number,
    into: Int32Array,
  ): void {
    if (field.size >= this.#slices.length) this.#grow(field.size + 1)
    const slices = this.#slices
    const known = this.#groups
    const slice = groups.number
    for (let row = from; row < until; row++) {
      const at = (numbers[row] ?? -1) + 1
      if (slices[at] !== slice) {
        slices[at] = slice
        known[at] = groups.groupOf(keyOf(field, row), times[row] ?? 0)
      }
      into[row] = known[at] ?? -1
    }
  }

  #keyOf(row: number): Key {
    const [field, ...others] = this.#fields
    if (field !== undefined && others.length === 0) return keyOf(field, row)
    return keyOfFields(this.#fields.map((each) => keyOf(each, row)))
  }

  #grow(size: number): void {
    const length = Math.max(size, 2 * this.#slices.length)
    const [slices, groups] = [new Int32Array(length), new Int32Array(length)]
    slices.set(this.#slices)
    groups.set(this.#groups)
    this.#slices = slices
    this.#groups = groups
  }
}

function keyOf(field: ColumnField, row: number): Key {
  // Keys are read as scalars.
  return (field.at(row) ?? null) as Key
}
