import { readAccessLog } from './access-log'
import { columnAt, endRow, makeColumns, maxRows, rows } from './columns'
import { oddInstant } from './instant'
import { readJson } from './json'
import { openNames } from './json-names'

export { addColumn, addRow, clearRows, rows } from './columns'
export { oddInstant, oddInstantEnd } from './instant'
export { allocate } from './memory'

// What `kernel.ts` knows of this module is here. Addresses and lengths are in bytes.

/** How lines are read, as `kernel.ts` numbers it. */
const enum Format {
  Common,
  Combined,
  Json,
}

/** Why lines are read no further, as `kernel.ts` numbers it. */
const enum Stop {
  /** No line is left. */
  End,
  /** There is no room for a row. */
  Full,
  /** The line at `next` is not plain. */
  Odd,
  /** The last row has an instant that is not plain, from `oddInstant` to `oddInstantEnd`. */
  Instant,
}

/** Makes room for as many columns; called first. */
export function openColumns(most: i32): void {
  makeColumns(most)
  openNames()
}

/** Where the first line is that has not been read. */
export let next: usize = 0

/** Reads the lines that begin from `at` on and before `end`, a row each; all of them must have ended. Longer ones than `longest` are odd. */
export function read(format: Format, at: usize, end: usize, longest: usize): Stop {
  while (at < end) {
    next = at
    if (rows == maxRows) return Stop.Full
    const lineEnd = format == Format.Json ? readJson(at) : readAccessLog(at, format == Format.Combined)
    if (lineEnd == 0 || lineEnd - at > longest) return Stop.Odd
    endRow()
    at = lineEnd + 1
    if (format == Format.Json && oddInstant != 0) {
      next = at
      return Stop.Instant
    }
  }
  next = at
  return Stop.End
}

/** Where the cells of a column are. */
export function cellsOf(column: i32): usize {
  return columnAt(column).cells
}

/** Texts in the dictionary of a column. */
export function sizeOf(column: i32): i32 {
  return <i32>columnAt(column).dictionary.size
}

/** Where it says where each text ends, a u32 for each number, behind a 0. */
export function endsOf(column: i32): usize {
  return columnAt(column).dictionary.ends
}

/** Where the bytes of the texts are, each where the one before ends. */
export function bytesOf(column: i32): usize {
  return columnAt(column).dictionary.bytes
}

/** Gives a number to what has no bytes. */
export function reserve(column: i32): i32 {
  return columnAt(column).dictionary.reserve()
}

/** Has the dictionary of a column begin anew. */
export function clear(column: i32): void {
  columnAt(column).dictionary.clear()
}
