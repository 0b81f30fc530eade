import { noRecord, type Parser, Unparsable } from '../adapters/format/parser.ts'
import type { Line } from '../adapters/line/line.ts'
import type { Fields } from './field.ts'
import { type NamedFormat, namedFormats } from './format-spec.ts'

/** Lines that are looked at. */
const mostLines = 50

/** Loads and makes the parser of each format that can be told by the looks of its lines. */
const parsers: Readonly<Record<NamedFormat, () => Promise<Parser<unknown>>>> = {
  json: async () => (await import('../adapters/format/json.ts')).json(),
  combined: async () => (await import('../adapters/format/combined.ts')).combined(),
  common: async () => (await import('../adapters/format/common.ts')).common(),
  'apache-error': async () => (await import('../adapters/format/apache-error.ts')).apacheError(),
  syslog: async () => (await import('../adapters/format/syslog.ts')).syslog(),
  logfmt: async () => (await import('../adapters/format/logfmt.ts')).logfmt(),
  tsv: async () => (await import('../adapters/format/tsv.ts')).tsv(),
  csv: async () => (await import('../adapters/format/csv.ts')).csv(),
}

/** Finds the format that most of the first lines are of; the former of two. None, if none reads as many as it refuses. */
export async function detectFormat(lines: readonly Line[]): Promise<NamedFormat | undefined> {
  const filled = lines.slice(0, mostLines).filter(({ start, end }) => end > start)
  let best: NamedFormat | undefined
  let most = Math.ceil(filled.length / 2) - 1
  for (const format of namedFormats) {
    const parser = await parsers[format]()
    const count = filled.filter((line) => isOf(format, parser, line)).length
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
