import type { FieldKinds } from '../format/parser.ts'
import { TextDictionary } from './text-dictionary.ts'

type Cells = Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer>

/** Records field by field: what one thread hands to another, without a copy but for texts it has not seen before. */
export interface Columns {
  readonly rows: number
  /** By field: the numbers, NaN for `undefined`; or the numbers of the texts in the dictionary, -1 for `undefined`. */
  readonly cells: readonly Cells[]
  /** By field: texts that join the dictionary, in order; nothing for numbers. */
  readonly texts: readonly (readonly string[])[]
  /** By field: the dictionary begins anew with these texts. */
  readonly isFresh: readonly boolean[]
}

/** Collects records as columns. A cell that is not set is `undefined`. */
export class ColumnWriter {
  readonly #names: readonly string[]
  /** By field; nothing for numbers. */
  readonly #dictionaries: readonly (TextDictionary | undefined)[]
  #cells: Cells[] = []
  #isFresh: boolean[]
  /** Rows there is room for: as many as the largest batch so far needed. */
  #capacity = 256
  #rows = 0

  constructor(kinds: FieldKinds) {
    this.#names = Object.keys(kinds)
    this.#dictionaries = Object.values(kinds).map((kind) => (kind === 'text' ? new TextDictionary() : undefined))
    this.#isFresh = this.#names.map(() => true)
    this.#begin()
  }

  /** Records since the last `take`. */
  get rows(): number {
    return this.#rows
  }

  /** Begins a record. */
  addRow(): void {
    if (this.#rows === this.#capacity) this.#grow()
    this.#rows += 1
  }

  /** Sets a number of the record begun last. */
  setNumber(column: number, value: number): void {
    const cells = this.#cells[column]
    if (cells !== undefined) cells[this.#rows - 1] = value
  }

  /** Sets a text of the record begun last. */
  setText(column: number, bytes: Buffer, start: number, end: number): void {
    const cells = this.#cells[column]
    const dictionary = this.#dictionaries[column]
    if (cells !== undefined && dictionary !== undefined) cells[this.#rows - 1] = dictionary.numberOf(bytes, start, end)
  }

  /** Adds a whole record. */
  add(record: Readonly<Record<string, unknown>>): void {
    this.addRow()
    for (const [column, name] of this.#names.entries()) {
      const value = record[name]
      if (typeof value === 'number') this.setNumber(column, value)
      else if (typeof value === 'string') {
        const bytes = Buffer.from(value)
        this.setText(column, bytes, 0, bytes.length)
      }
    }
  }

  /** Hands out what has been collected, and starts again. */
  take(): Columns {
    const texts = this.#dictionaries.map((dictionary) => dictionary?.takeAdded() ?? [])
    const columns = { rows: this.#rows, cells: this.#cells, texts, isFresh: this.#isFresh }
    this.#isFresh = this.#dictionaries.map((dictionary) => dictionary?.isLarge === true)
    for (const dictionary of this.#dictionaries) if (dictionary?.isLarge === true) dictionary.clear()
    this.#begin()
    return columns
  }

  #begin(): void {
    this.#rows = 0
    this.#cells = this.#dictionaries.map((dictionary) => this.#emptyCells(dictionary))
  }

  #emptyCells(dictionary: TextDictionary | undefined): Cells {
    return dictionary === undefined
      ? new Float64Array(this.#capacity).fill(Number.NaN)
      : new Int32Array(this.#capacity).fill(-1)
  }

  #grow(): void {
    this.#capacity *= 2
    this.#cells = this.#cells.map((cells, column) => {
      const larger = this.#emptyCells(this.#dictionaries[column])
      larger.set(cells)
      return larger
    })
  }
}

/** Turns what one `ColumnWriter` has handed out, in that order, back into records. */
export class ColumnReader<T> {
  readonly #names: readonly string[]
  readonly #dictionaries: string[][]

  constructor(kinds: FieldKinds) {
    this.#names = Object.keys(kinds)
    this.#dictionaries = this.#names.map(() => [])
  }

  read({ rows, cells, texts, isFresh }: Columns): T[] {
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
    }
    // The writer was given records of T.
    return records as T[]
  }
}
