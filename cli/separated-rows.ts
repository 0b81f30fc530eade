import { isoTimeIn } from './iso-time.ts'
import type { RowFormat } from './row-format.ts'
import { ownCell, type Rows } from './rows.ts'
import type { Zone } from './zone.ts'

/** Makes the writer of results as comma-separated values (RFC 4180), under a header. */
export function csvRows(rows: Rows, zone: Zone): RowFormat {
  return separated(rows, zone, ',', (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text))
}

/** Makes the writer of results as tab-separated values, in which a backslash begins `\t`, `\n`, `\r` and `\\`, under a header. */
export function tsvRows(rows: Rows, zone: Zone): RowFormat {
  const escapes: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\\': '\\\\' }
  return separated(rows, zone, '\t', (text) => text.replaceAll(/[\t\n\r\\]/g, (character) => escapes[character] ?? ''))
}

function separated({ own, columns, cells }: Rows, zone: Zone, by: string, quoted: (text: string) => string): RowFormat {
  const time = isoTimeIn(zone)
  return {
    header: () => [...own, ...columns].map(quoted).join(by),
    row: (result) =>
      [
        ...own.map((column) => ownCell(column, result, time)),
        ...cells(result).map((cell) => (isNumber(cell) ? String(cell) : quoted(textOf(cell)))),
      ].join(by),
  }
}

/** Whether a cell needs no quotes in any form. */
function isNumber(cell: unknown): cell is number {
  return typeof cell === 'number' && Number.isFinite(cell)
}

/** Nothing for what is not there. */
function textOf(cell: unknown): string {
  if (cell === null) return ''
  return typeof cell === 'string' ? cell : JSON.stringify(cell)
}
