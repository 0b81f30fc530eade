import type { Config } from './config.ts'
import type { Result, Rows } from './rows.ts'
import type { Zone } from './zone.ts'

/** Writes results as text. */
export interface RowFormat {
  /** The lines of a result, without the last line ending. */
  readonly row: (result: Result) => string
  /** The line above the first result, if there is one; called once, with that result. */
  readonly header?: (first: Result) => string
  /** Makes room for results that are about to be written, where they stand in columns. */
  readonly makeRoom?: (results: readonly Result[]) => void
}

/** Loads the form asked for, and no other. */
export async function loadRowFormat(config: Config, rows: Rows, zone: Zone, width?: () => number): Promise<RowFormat> {
  switch (config.output) {
    case 'table':
      return (await import('./table-rows.ts')).tableRows(rows, config, zone, width)
    case 'ndjson':
      return (await import('./ndjson-rows.ts')).ndjsonRows(rows, zone)
    case 'csv':
      return (await import('./separated-rows.ts')).csvRows(rows, zone)
    // Not of rows: it does not come here.
    case 'chart':
    case 'tsv':
      return (await import('./separated-rows.ts')).tsvRows(rows, zone)
  }
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
