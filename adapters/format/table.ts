import { show, TidemarkError } from '../../lib/errors.ts'
import type { Line } from '../line/line.ts'
import { emptyLine, noRecord, type Parser, type ParserMemory, Unparsable, unparsable } from './parser.ts'
import { put } from './put.ts'

/** Sources whose headers are remembered at the same time. */
const maxSources = 1_024

/** The columns of sources, or why there are none. */
type Columns = Map<string, readonly string[] | Unparsable>

/** Options that `csv` and `tsv` share. */
export interface TableOptions<H extends string = string> {
  /**
   * Names of the columns, if the lines have none. Without them the first line of each source has the names; it is neither a
   * record nor a bad line.
   */
  readonly header?: readonly H[]
}

/**
 * Makes the parser behind `csv` and `tsv`. Holds the columns of each source, of the 1,024 sources that were begun last.
 *
 * @param split finds a line's fields, or says why it has none
 * @throws TidemarkError `invalid-argument` for a header without columns or with two of one name
 */
export function table<H extends string>(
  name: string,
  split: (text: string) => readonly string[] | Unparsable,
  { header }: TableOptions<H>,
): Parser<Record<H, string>> {
  const fault = header === undefined ? undefined : headerFault(header)
  if (fault !== undefined) throw new TidemarkError('invalid-argument', `${name}: header: ${fault}`)
  const columns: Columns = new Map()

  /** A bad header is remembered too: every line below it is refused for the same reason. */
  function begin({ source, text }: Line): Unparsable | typeof noRecord {
    const names = text === '' ? emptyLine : split(text)
    const wrong = names instanceof Unparsable ? names.reason : headerFault(names)
    const known = wrong === undefined ? names : unparsable(`header: ${wrong}`)
    // Deleted first, so that it becomes the youngest.
    columns.delete(source)
    columns.set(source, known)
    const [oldest] = columns.keys()
    if (oldest !== undefined && columns.size > maxSources) columns.delete(oldest)
    return known instanceof Unparsable ? known : noRecord
  }

  return {
    name,
    ...(header === undefined && { memory: memoryOf(columns) }),
    parse(line) {
      if (header === undefined && line.number === 1) return begin(line)
      const names = header ?? columns.get(line.source)
      if (names === undefined)
        return unparsable(`header: the first line of ${show(line.source)} was not among the lines`)
      if (names instanceof Unparsable) return names
      const { text } = line
      if (text === '' && names.length > 1) return emptyLine
      const fields = split(text)
      if (fields instanceof Unparsable) return fields
      if (fields.length !== names.length) {
        return unparsable(`expected ${names.length} fields as in the header, got ${fields.length}`)
      }
      const record: Record<string, string> = {}
      for (const [index, column] of names.entries()) put(record, column, fields[index] ?? '')
      return record
    },
  }
}

function memoryOf(columns: Columns): ParserMemory {
  return {
    get size() {
      return columns.size
    },
    save: () => Array.from(columns, ([source, names]) => [source, names instanceof Unparsable ? names.reason : names]),
    load(saved) {
      for (const [source, names] of saved as readonly (readonly [string, readonly string[] | string])[]) {
        columns.set(source, typeof names === 'string' ? unparsable(names) : names)
      }
    },
  }
}

function headerFault(names: readonly string[]): string | undefined {
  if (names.length === 0) return 'expected at least one column, got none'
  const twice = names.find((column, index) => names.indexOf(column) !== index)
  return twice === undefined ? undefined : `expected names that differ, got ${show(twice)} twice`
}
