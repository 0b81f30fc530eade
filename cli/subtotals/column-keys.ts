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

  /** The group of a row, whose slice the groups have been turned to. */
  groupOf(groups: SliceGroups<Key>, row: number, time: number): number {
    const [field] = this.#fields
    if (field === undefined) return groups.groupOf(undefined, time)
    if (this.#fields.length > 1) return groups.groupOf(this.#keyOf(row), time)
    const number = field.numbers?.[row]
    if (number === undefined) return groups.groupOf(keyOf(field, row), time)
    if (number + 1 >= this.#slices.length) this.#grow(field.size + 1)
    const known = this.#slices[number + 1] === groups.slice ? this.#groups[number + 1] : undefined
    if (known !== undefined) return known
    const group = groups.groupOf(keyOf(field, row), time)
    this.#slices[number + 1] = groups.slice
    this.#groups[number + 1] = group
    return group
  }

  #keyOf(row: number): Key {
    return keyOfFields(this.#fields.map((field) => keyOf(field, row)))
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
