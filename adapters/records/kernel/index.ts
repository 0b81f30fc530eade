import { readAccessLog } from './access-log'
import { maxRows, rows } from './columns'
import { oddInstant } from './instant'
import { readJson } from './json'

export { addColumn, clearRows, columnCount, openColumns, rows } from './columns'
export { oddInstant, oddInstantEnd } from './instant'
export { allocate } from './memory'

/** Why lines are read no further. */
export const enum Stop {
  /** No line is left. */
  End,
  /** There is no room for a row. */
  Full,
  /** The line at `next` is not plain. */
  Odd,
  /** The last row has an instant that is not plain, at `oddInstant`. */
  Instant,
}

/** How lines are read. */
export const enum Format {
  Common,
  Combined,
  Json,
}

/** Where the first line is that has not been read. */
export let next: usize = 0
/** Lines read so far. */
export let lines: i32 = 0

/** Reads lines, all of which must have ended, from `at` on up to the first that begins at `end` or behind it. */
export function read(format: Format, at: usize, end: usize, longest: usize): Stop {
  while (at < end) {
    next = at
    if (rows == maxRows) return Stop.Full
    const lineEnd = format == Format.Json ? readJson(at) : readAccessLog(at, format == Format.Combined)
    if (lineEnd == 0) return Stop.Odd
    lines += 1
    at = lineEnd + 1
    if (oddInstant != 0) {
      next = at
      return Stop.Instant
    }
  }
  next = at
  return Stop.End
}
