import type { Result } from './rows.ts'

/** Writes results as text. */
export interface RowFormat {
  /** The lines of a result, without the last line ending. */
  readonly row: (result: Result) => string
  /** The line above the first result, if there is one; called once, with that result. */
  readonly header?: (first: Result) => string
  /** Makes room for results that are about to be written, where they stand in columns. */
  readonly makeRoom?: (results: readonly Result[]) => void
}

/** Makes the function that writes each result, the first one of all with the header above it. */
export function withHeader({ row, header }: RowFormat): (result: Result) => string {
  let isFirst = header !== undefined
  return (result) => {
    if (!isFirst || header === undefined) return row(result)
    isFirst = false
    return `${header(result)}\n${row(result)}`
  }
}
