import type { Columns } from '../../adapters/records/columns.ts'
import type { FieldAggregate } from '../aggregates.ts'
import type { ColumnField } from './column-field.ts'

/** Adds up a column by groups. */
export class ColumnAggregate {
  readonly #field: ColumnField | undefined
  readonly #of: FieldAggregate['of']
  readonly #isIdempotent: boolean
  /** By group. */
  #accumulators: unknown[] = []
  /** The group that a value of the dictionary was added to last, and 1 more; 0 for none. */
  #last = new Int32Array()

  /** @param field what the aggregate is of; `undefined` for one that reads nothing */
  constructor({ of, isIdempotent }: FieldAggregate, field: ColumnField | undefined) {
    this.#of = of
    this.#isIdempotent = isIdempotent
    this.#field = field
  }

  /** The accumulators by group; the next groups are others. */
  take(): readonly unknown[] {
    const accumulators = this.#accumulators
    this.#accumulators = []
    this.#last.fill(0)
    return accumulators
  }

  /**
   * Adds rows.
   *
   * @param groups their groups, -1 for a row that is in none
   * @param count how many groups there are
   */
  add(columns: Columns, times: Float64Array, groups: Int32Array, count: number): void {
    const accumulators = this.#accumulators
    while (accumulators.length < count) accumulators.push(this.#of.create(true))
    const field = this.#field
    if (field === undefined) this.#addRows(columns.rows, times, groups)
    else {
      if (field.begin(columns)) this.#last.fill(0)
      const { numbers } = field
      if (this.#isIdempotent && numbers !== undefined) this.#addNew(field, columns.rows, numbers, times, groups)
      else this.#addValues(field, columns.rows, times, groups)
    }
  }

  #addRows(rows: number, times: Float64Array, groups: Int32Array): void {
    const accumulators = this.#accumulators
    const of = this.#of
    for (let row = 0; row < rows; row++) {
      const group = groups[row] ?? -1
      if (group >= 0) accumulators[group] = of.add(accumulators[group], undefined, times[row] ?? 0)
    }
  }

  #addValues(field: ColumnField, rows: number, times: Float64Array, groups: Int32Array): void {
    const accumulators = this.#accumulators
    const of = this.#of
    for (let row = 0; row < rows; row++) {
      const group = groups[row] ?? -1
      if (group < 0) continue
      const value = field.at(row)
      if (value !== undefined) accumulators[group] = of.add(accumulators[group], value, times[row] ?? 0)
    }
  }

  /** Leaves out values that were added to the same group before, as far as is known at a glance. */
  #addNew(field: ColumnField, rows: number, numbers: Int32Array, times: Float64Array, groups: Int32Array): void {
    const accumulators = this.#accumulators
    const of = this.#of
    const last = this.#lastOf(field.size)
    for (let row = 0; row < rows; row++) {
      const group = groups[row] ?? -1
      const number = numbers[row] ?? -1
      if (group < 0 || number < 0) continue
      if (last[number] === group + 1) continue
      const value = field.at(row)
      if (value === undefined) continue
      accumulators[group] = of.add(accumulators[group], value, times[row] ?? 0)
      last[number] = group + 1
    }
  }

  #lastOf(size: number): Int32Array {
    if (this.#last.length < size) {
      const larger = new Int32Array(Math.max(size, 2 * this.#last.length))
      larger.set(this.#last)
      this.#last = larger
    }
    return this.#last
  }
}
