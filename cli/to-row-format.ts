import type { Config } from './config.ts'
import { ndjsonRows } from './ndjson-rows.ts'
import type { RowFormat } from './row-format.ts'
import type { Rows } from './rows.ts'
import { csvRows, tsvRows } from './separated-rows.ts'
import { tableRows } from './table-rows.ts'
import type { Zone } from './zone.ts'

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
