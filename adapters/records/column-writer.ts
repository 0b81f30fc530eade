import { parseInstant } from '../format/instant.ts'
import type { ParserRecipe } from '../format/parser.ts'
import type { Cells, Columns, Exception } from './columns.ts'
import { type Decode, decodersOf } from './decoders.ts'
import { accessLogFields, cellKinds, type Kernel } from './kernel.ts'

/** Texts, and bytes of all of them together, with which a dictionary is due to begin anew. */
const manyTexts = 2 ** 16
const manyBytes = 2 ** 22

/** A field, and what has been taken of it out of the kernel. */
interface Column {
  readonly name: string
  readonly hasNumbers: boolean
  readonly decode: Decode
  parts: Cells[]
  /** Texts of the dictionary that have been decoded. */
  decoded: number
  added: unknown[]
  isFresh: boolean
  exceptions: Exception[]
}

/** Takes records out of a kernel, field by field, and adds those that the kernel does not make. */
export class ColumnWriter {
  readonly #kernel: Kernel
  readonly #columns: readonly Column[]
  /** Rows taken since the last `take`. */
  #taken = 0

  constructor(kernel: Kernel, recipe: ParserRecipe) {
    this.#kernel = kernel
    const decoders = decodersOf(recipe)
    const kinds = Object.entries(recipe.kinds)
    kernel.openColumns(kinds.length)
    this.#columns = kinds.map(([name, kind], index) => {
      const bytes = Buffer.from(name)
      const at = kernel.addColumn(cellKinds[kind], accessLogFields.indexOf(name), bytes.length)
      bytes.copy(Buffer.from(kernel.memory.buffer), at)
      const hasNumbers = kind === 'number' || kind === 'instant'
      const decode = decoders[index] ?? String
      return { name, hasNumbers, decode, parts: [], decoded: 0, added: [], isFresh: true, exceptions: [] }
    })
  }

  /** Records since the last `take`. */
  get rows(): number {
    return this.#taken + this.#kernel.rows.value
  }

  /** Makes room for rows. */
  flush(): void {
    const kernel = this.#kernel
    const rows = kernel.rows.value
    for (const [index, { hasNumbers, parts }] of this.#columns.entries()) {
      const at = kernel.cellsOf(index)
      const { buffer } = kernel.memory
      parts.push(hasNumbers ? new Float64Array(buffer, at, rows).slice() : new Int32Array(buffer, at, rows).slice())
    }
    this.#taken += rows
    kernel.clearRows()
  }

  /** Adds a whole record. */
  add(record: Readonly<Record<string, unknown>>): void {
    const kernel = this.#kernel
    let row = kernel.addRow()
    if (row < 0) {
      this.flush()
      row = kernel.addRow()
    }
    for (const [index, column] of this.#columns.entries()) {
      const value = record[column.name]
      if (value === undefined) continue
      if (column.hasNumbers) this.#setNumber(index, column, row, value)
      else {
        this.#decode(index, column)
        column.decoded += 1
        column.added.push(value)
        const number = kernel.reserve(index)
        new Int32Array(kernel.memory.buffer, kernel.cellsOf(index))[row] = number
      }
    }
  }

  /** Sets the instant of the row that was added last from what stands there. */
  setInstant(value: unknown): void {
    const index = this.#columns.findIndex(({ hasNumbers }) => hasNumbers)
    const column = this.#columns[index]
    const instant = parseInstant(value)
    const cell = typeof instant === 'number' ? instant : value
    if (column !== undefined) this.#setNumber(index, column, this.#kernel.rows.value - 1, cell)
  }

  /** Hands out what has been collected, and starts again. */
  take(): Columns {
    this.flush()
    for (const [index, column] of this.#columns.entries()) if (!column.hasNumbers) this.#decode(index, column)
    const taken = {
      rows: this.#taken,
      cells: this.#columns.map(({ parts }) => joined(parts)),
      texts: this.#columns.map(({ added }) => added),
      isFresh: this.#columns.map(({ isFresh }) => isFresh),
      exceptions: this.#columns.map(({ exceptions }) => exceptions),
    }
    for (const [index, column] of this.#columns.entries()) {
      column.parts = []
      column.added = []
      column.exceptions = []
      column.isFresh = !column.hasNumbers && this.#isLarge(index)
      if (!column.isFresh) continue
      this.#kernel.clear(index)
      column.decoded = 0
    }
    this.#taken = 0
    return taken
  }

  #setNumber(index: number, { exceptions }: Column, row: number, value: unknown): void {
    const { memory } = this.#kernel
    if (typeof value !== 'number') exceptions.push([this.#taken + row, value])
    else new Float64Array(memory.buffer, this.#kernel.cellsOf(index))[row] = value
  }

  /** Decodes what has joined the dictionary. */
  #decode(index: number, column: Column): void {
    const kernel = this.#kernel
    const size = kernel.sizeOf(index)
    const { buffer } = kernel.memory
    const ends = new Uint32Array(buffer, kernel.endsOf(index), size + 1)
    const bytes = Buffer.from(buffer, kernel.bytesOf(index), ends[size])
    for (; column.decoded < size; column.decoded++) {
      column.added.push(column.decode(bytes, ends[column.decoded] ?? 0, ends[column.decoded + 1] ?? 0))
    }
  }

  #isLarge(index: number): boolean {
    const size = this.#kernel.sizeOf(index)
    const ends = new Uint32Array(this.#kernel.memory.buffer, this.#kernel.endsOf(index), size + 1)
    return size >= manyTexts || (ends[size] ?? 0) >= manyBytes
  }
}

function joined(parts: readonly Cells[]): Cells {
  const [first = new Float64Array(0)] = parts
  if (parts.length < 2) return first
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const all = first instanceof Int32Array ? new Int32Array(length) : new Float64Array(length)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
