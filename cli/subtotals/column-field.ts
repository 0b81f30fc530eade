import type { Columns } from '../../adapters/records/columns.ts'
import type { Reading } from '../aggregates.ts'
import { type SeenField, toNumber, toScalar } from '../field.ts'

/** Stand for what is not there, and for what is no number where numbers are read. */
const absent: unique symbol = Symbol('absent')
const notNumber: unique symbol = Symbol('not a number')

/** What each way of reading makes of a value that is there; `undefined` where it reads nothing. */
const conversions: Readonly<Record<Exclude<Reading, 'none'>, (value: unknown) => unknown>> = {
  any: (value) => value,
  number(value) {
    const number = toNumber(value)
    return Number.isNaN(number) ? notNumber : number
  },
  scalar: toScalar,
}

/** Reads a column as a `Field` reads records. A value that many rows have is looked at once. */
export class ColumnField {
  readonly #column: number
  readonly #convert: (value: unknown) => unknown
  #cells: Float64Array | Int32Array = new Int32Array()
  /** What has been made of the values of the dictionary, by their numbers. */
  #values: unknown[] = []
  #isSeen = false
  #notNumbers = 0

  constructor(column: number, reading: Exclude<Reading, 'none'>) {
    this.#column = column
    this.#convert = conversions[reading]
  }

  /** By row, what tells values apart: their numbers in the dictionary, -1 for none; `undefined` where there is no dictionary. */
  get numbers(): Int32Array | undefined {
    return this.#cells instanceof Int32Array ? this.#cells : undefined
  }

  /** Different values, at most, that `numbers` tells apart. */
  get size(): number {
    return this.#values.length
  }

  /**
   * Turns to the next rows.
   *
   * @returns whether the dictionary has begun anew
   */
  begin({ cells, texts, isFresh }: Columns): boolean {
    const { [this.#column]: hasBegun = false } = isFresh
    this.#cells = cells[this.#column] ?? this.#cells
    if (hasBegun) this.#values = []
    for (const value of texts[this.#column] ?? []) {
      this.#values.push(value === undefined || value === null ? absent : this.#convert(value))
    }
    return hasBegun
  }

  /** What is there to read in a row; `undefined` for nothing. */
  at(row: number): unknown {
    const cell = this.#cells[row] ?? -1
    if (this.#cells instanceof Int32Array) {
      if (cell < 0) return undefined
      const value = this.#values[cell]
      if (value === absent) return undefined
      this.#isSeen = true
      if (value !== notNumber) return value
      this.#notNumbers += 1
      return undefined
    }
    // The numbers of columns are what any reading makes of them.
    if (Number.isNaN(cell)) return undefined
    this.#isSeen = true
    return cell
  }

  /** Says that some row had it, where its value was read from another one. */
  see(): void {
    this.#isSeen = true
  }

  /** What is known of the field by the rows since this was asked last. */
  take(): Omit<SeenField, 'others'> {
    const seen = { isSeen: this.#isSeen, notNumbers: this.#notNumbers }
    this.#isSeen = false
    this.#notNumbers = 0
    return seen
  }
}
