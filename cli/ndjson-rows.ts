import { isoTimeIn } from './iso-time.ts'
import type { RowFormat } from './row-format.ts'
import { ownCell, type Rows } from './rows.ts'
import type { Zone } from './zone.ts'

/** Makes the writer of results as NDJSON: the window, the pane and the change if there may be several, key fields, aggregates. */
export function ndjsonRows({ own, columns, cells }: Rows, zone: Zone): RowFormat {
  const time = isoTimeIn(zone)
  // Put together by hand: an object would move names that look like numbers to the front.
  const names = columns.map((name) => `${JSON.stringify(name)}:`)
  return {
    row(result) {
      const members = own.map((column) => `"${column}":"${ownCell(column, result, time)}"`)
      for (const [i, cell] of cells(result).entries()) members.push(`${names[i] ?? ''}${JSON.stringify(cell)}`)
      return `{${members.join(',')}}`
    },
  }
}
