import type { RowFormat } from './row-format.ts'
import type { Rows } from './rows.ts'
import { type TableConfig, TableLayout } from './table-layout.ts'
import type { Zone } from './zone.ts'

/** Makes the writer of results as a table, row by row: the header comes with the first row. */
export function tableRows(rows: Rows, config: TableConfig, zone: Zone, width?: () => number): RowFormat {
  const layout = new TableLayout(rows, config, zone, width)
  return {
    header(first) {
      layout.texts(first)
      return layout.header()
    },
    makeRoom(results) {
      for (const result of results) layout.texts(result)
    },
    row: (result) => layout.line(layout.texts(result), result.timing === 'early' || result.diff === -1),
  }
}
