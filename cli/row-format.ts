import type { Config } from './config.ts'
import { ndjsonRows } from './ndjson-rows.ts'
import type { Result, Rows } from './rows.ts'
import { csvRows, tsvRows } from './separated-rows.ts'
import { tableRows } from './table-rows.ts'
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

/** Makes the form asked for. */
export function toRowFormat(config: Config, rows: Rows, zone: Zone, width?: () => number): RowFormat {
  switch (config.output) {
    case 'table':
      return tableRows(rows, config, zone, width)
    case 'ndjson':
      return ndjsonRows(rows, zone)
    case 'csv':
      return csvRows(rows, zone)
    // Not of rows: it does not come here.
    case 'chart':
    case 'tsv':
      return tsvRows(rows, zone)
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
