import { json } from '../adapters/format/json.ts'
import { noRecord, type Parser, Unparsable } from '../adapters/format/parser.ts'
import type { Line } from '../adapters/line/line.ts'
import type { Fields } from './field.ts'
import { type NamedFormat, namedFormats } from './format-spec.ts'

/** Lines that are looked at. */
const mostLines = 50

/** Makes the parser of each format that can be told by the looks of its lines. */
async function loadParsers(): Promise<Readonly<Record<NamedFormat, Parser<unknown>>>> {
  const { apacheError, combined, common, csv, logfmt, syslog, tsv } = await import('./parsers.ts')
  return {
    json: json(),
    combined: combined(),
    common: common(),
    'apache-error': apacheError(),
    syslog: syslog(),
    logfmt: logfmt(),
    tsv: tsv(),
    csv: csv(),
  }
}

/** Finds the format that most of the first lines are of; the former of two. None, if none reads as many as it refuses. */
export async function detectFormat(lines: readonly Line[]): Promise<NamedFormat | undefined> {
  const parsers = await loadParsers()
  const filled = lines.slice(0, mostLines).filter(({ start, end }) => end > start)
  let best: NamedFormat | undefined
  let most = Math.ceil(filled.length / 2) - 1
  for (const format of namedFormats) {
    const count = filled.filter((line) => isOf(format, parsers[format], line)).length
    if (count > most) {
      best = format
      most = count
    }
  }
  return best
}

function isOf(format: NamedFormat, parser: Parser<unknown>, line: Line): boolean {
  const record = parser.parse(line)
  if (record instanceof Unparsable) return false
  if (format !== 'csv' && format !== 'tsv')
    return typeof record === 'object' && record !== null && !Array.isArray(record)
  // Any text is a column.
  if (record === noRecord) return line.text.includes(format === 'csv' ? ',' : '\t')
  return Object.keys(record as Fields).length > 1
}
