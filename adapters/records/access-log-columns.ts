import { AccessLogScan } from '../format/access-log-scan.ts'
import { combined } from '../format/combined.ts'
import { common } from '../format/common.ts'
import type { FieldKinds, Parser, ParserRecipe, Unparsable } from '../format/parser.ts'
import { unescaped } from '../format/unescaped.ts'
import type { Line } from '../line/line.ts'
import type { ColumnWriter } from './columns.ts'

const dash = 45
const quote = 34
const backslash = 92

/** Sets one field of the line scanned last. */
type SetField = (bytes: Buffer) => void

/**
 * Makes a function that parses a line straight into columns, without a string for a field nor an object for a line: the same
 * records and refusals as the parser of the recipe. Fields that are parts of others are left to that parser.
 */
export function accessLogColumns(recipe: ParserRecipe, columns: ColumnWriter): (line: Line) => Unparsable | undefined {
  const { format, kinds } = recipe
  const parser = parserOf(recipe)
  const scan = new AccessLogScan(format === 'combined')
  const text = (column: number, bytes: Buffer, start: number, end: number): void => {
    if (scan.hasEscapes && hasBackslash(bytes, start, end)) {
      const plain = Buffer.from(unescaped(bytes, start, end))
      columns.setText(column, plain, 0, plain.length)
    } else columns.setText(column, bytes, start, end)
  }
  const textOrNone = (column: number, bytes: Buffer, start: number, end: number): void => {
    if (end - start !== 1 || bytes[start] !== dash) text(column, bytes, start, end)
  }
  const fields: Readonly<Record<string, (column: number) => SetField>> = {
    // A host is there in any case, even one that is called `-`.
    host: (column) => (bytes) => text(column, bytes, scan.host, scan.hostEnd),
    ident: (column) => (bytes) => textOrNone(column, bytes, scan.ident, scan.identEnd),
    user: (column) => (bytes) => textOrNone(column, bytes, scan.user, scan.userEnd),
    time: (column) => () => columns.setNumber(column, scan.time),
    request: (column) => (bytes) => text(column, bytes, scan.request, scan.requestEnd),
    status: (column) => () => columns.setNumber(column, scan.status),
    bytes: (column) => () => {
      if (scan.size >= 0) columns.setNumber(column, scan.size)
    },
    referer: (column) => (bytes) => textOrNone(column, bytes, scan.referer, scan.refererEnd),
    agent: (column) => (bytes) => textOrNone(column, bytes, scan.agent, scan.agentEnd),
  }
  const setters = Object.keys(kinds).map((field, column) => fields[field]?.(column))
  const known = setters.filter((set) => set !== undefined)
  const isPlain = known.length === setters.length

  return (line) => {
    const refusal = scan.scan(line)
    if (refusal !== undefined) return refusal
    // A user in quotes may be an empty one.
    if (!isPlain || line.bytes[scan.user] === quote) {
      columns.add(parser.parse(line) as Readonly<Record<string, unknown>>)
      return undefined
    }
    columns.addRow()
    for (const set of known) set(line.bytes)
    return undefined
  }
}

function hasBackslash(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === backslash) return true
  return false
}

function parserOf({ format, kinds }: ParserRecipe): Parser<Readonly<Record<string, unknown>>> {
  return format === 'common' ? common({ fields: fieldsOf(kinds) }) : combined({ fields: fieldsOf(kinds) })
}

/** A recipe has the fields of its format. */
function fieldsOf<F extends string>(kinds: FieldKinds): readonly F[] {
  return Object.keys(kinds) as F[]
}
