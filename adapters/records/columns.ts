import type { FieldKinds } from '../format/parser.ts'

/** A number for each record. */
export type Cells = Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer>

/** Something that no cell can hold, and the row of it. */
export type Exception = readonly [row: number, value: unknown]

/** Records field by field: what one thread hands to another, without a copy but for texts it has not seen before. */
export interface Columns {
  readonly rows: number
  /**
   * By field: of `number` and `instant` the numbers, NaN for `undefined`; of `text` and `value` the number that it has in the dictionary,
   * -1 for `undefined`.
   */
  readonly cells: readonly Cells[]
  /**
   * By field: texts, or values, that join the dictionary, in the order of their numbers; nothing for numbers. Two of them may be equal: what
   * is told apart is how they are written.
   */
  readonly texts: readonly (readonly unknown[])[]
  /** By field: the dictionary begins anew with these texts. */
  readonly isFresh: readonly boolean[]
  /** By field: what is not an instant though it was to be one, in the order of its rows, where the cells have NaN. */
  readonly exceptions: readonly (readonly Exception[])[]
}

/** Turns what one `ColumnWriter` has handed out, in that order, back into records. */
export class ColumnReader<T> {
  readonly #names: readonly string[]
  readonly #dictionaries: unknown[][]

  constructor(kinds: FieldKinds) {
    this.#names = Object.keys(kinds)
    this.#dictionaries = this.#names.map(() => [])
  }

  read({ rows, cells, texts, isFresh, exceptions }: Columns): T[] {
    const records = Array.from({ length: rows }, (): Record<string, unknown> => ({}))
    for (const [column, name] of this.#names.entries()) {
      const numbers = cells[column]
      if (isFresh[column] === true) this.#dictionaries[column] = []
      const dictionary = this.#dictionaries[column] ?? []
      for (const text of texts[column] ?? []) dictionary.push(text)
      let row = 0
      if (numbers instanceof Int32Array) {
        // An empty cell is -1, where no dictionary has a text.
        for (const record of records) record[name] = dictionary[numbers[row++] ?? -1]
      } else if (numbers !== undefined) {
        for (const record of records) {
          const number = numbers[row++]
          record[name] = Number.isNaN(number) ? undefined : number
        }
      }
      for (const [at, value] of exceptions[column] ?? []) {
        const record = records[at]
        if (record !== undefined) record[name] = value
      }
    }
    // The writer was given records of T.
    return records as T[]
  }
}
