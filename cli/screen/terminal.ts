import type { Writable } from 'node:stream'

/** A stream that may be a terminal, with its size. */
export interface TerminalStream extends Writable {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
}

/** The size of a terminal, or the usual one if it does not tell. */
export function sizeOf({ columns = 80, rows = 24 }: TerminalStream): {
  readonly columns: number
  readonly rows: number
} {
  // One whose size was never set says 0.
  return { columns: columns > 0 ? columns : 80, rows: rows > 0 ? rows : 24 }
}
