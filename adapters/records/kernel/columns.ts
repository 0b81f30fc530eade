import { Dictionary } from './dictionary'
import { allocate } from './memory'

/** What the cells of a column are, as `kernel.ts` numbers it. */
export const enum Kind {
  Number,
  Text,
  Instant,
}

/** Rows there is room for. */
export const maxRows: i32 = 8192

/** A field of the records. */
@unmanaged
export class Column {
  /** A number for each row: f64 and NaN for none, or i32 and -1 for none. */
  cells: usize
  dictionary: Dictionary
  kind: Kind
  /** Which one it is of an access log. */
  field: i32
  /** Its name in JSON. */
  name: usize
  nameLength: usize
}

export let rows: i32 = 0
export let columnCount: i32 = 0
let columns: usize = 0

/** Makes room for as many columns. */
export function makeColumns(most: i32): void {
  columns = allocate(<usize>most * offsetof<Column>())
}

/**
 * Adds a column.
 *
 * @param field of an access log
 * @param nameLength of one in JSON
 * @returns where its name has to be written
 */
export function addColumn(kind: Kind, field: i32, nameLength: usize): usize {
  const column = columnAt(columnCount++)
  column.cells = allocate((<usize>maxRows) << 3)
  column.dictionary = kind == Kind.Text ? Dictionary.make() : changetype<Dictionary>(0)
  column.kind = kind
  column.field = field
  column.name = allocate(nameLength)
  column.nameLength = nameLength
  return column.name
}

export function columnAt(index: i32): Column {
  return changetype<Column>(columns + <usize>index * offsetof<Column>())
}

export function setNumber(column: Column, value: f64): void {
  store<f64>(column.cells + ((<usize>rows) << 3), value)
}

export function setText(column: Column, at: usize, end: usize): void {
  store<i32>(column.cells + ((<usize>rows) << 2), column.dictionary.numberOf(at, end - at))
}

export function setNone(column: Column): void {
  if (column.kind == Kind.Text) store<i32>(column.cells + ((<usize>rows) << 2), -1)
  else store<f64>(column.cells + ((<usize>rows) << 3), NaN)
}

/** Ends a row. */
export function endRow(): void {
  rows += 1
}

/** Adds a row without anything in it. @returns its index, -1 if there is no room */
export function addRow(): i32 {
  if (rows == maxRows) return -1
  for (let i = 0; i < columnCount; i++) setNone(columnAt(i))
  return rows++
}

/** Forgets the rows. */
export function clearRows(): void {
  rows = 0
}
