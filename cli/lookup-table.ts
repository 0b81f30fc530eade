import { readFile } from 'node:fs/promises'
import { json } from '../adapters/format/json.ts'
import { noRecord, type Parser, Unparsable } from '../adapters/format/parser.ts'
import { put } from '../adapters/format/put.ts'
import { LineSplitter } from '../adapters/line/line-splitter.ts'
import { messageOf, TidemarkError } from '../lib/errors.ts'
import { type Fields, isFields } from './field.ts'
import { type KeyedFile, textKey } from './key-pairs.ts'
import { UsageError } from './usage-error.ts'

/** How a table is written. */
export type TableForm = 'array' | 'json' | 'csv' | 'tsv'

/** A table whose rows are added to the records that they belong to. */
export interface LookupTable {
  /** The names of its columns that are no keys. */
  readonly columns: readonly string[]
  /** An array of JSON, or the format of its lines. */
  readonly form: TableForm
  /** Adds the fields of the row that belongs to a record, but none that it has. */
  enrich(record: Record<string, unknown>): void
}

/**
 * Reads a table as a whole: CSV or TSV with a header, an array of JSON, or a JSON object a line. Of rows with the same keys the last one counts.
 *
 * @throws TidemarkError `input` for a file that can't be read, or has a line that is no row; UsageError for keys that it has not
 */
export async function loadLookup({ path, keys }: KeyedFile): Promise<LookupTable> {
  const { form, rows } = await tableOf(path)
  const columns = new Set(rows.flatMap((row) => Object.keys(row)))
  for (const { other } of keys) {
    if (columns.has(other) || rows.length === 0) continue
    throw new UsageError(`--lookup: expected a column among ${[...columns].join(' ')} of '${path}', got '${other}'`)
  }
  const byKey = new Map(
    rows.map((row) => [
      textKey(
        row,
        keys.map(({ other }) => other),
      ),
      row,
    ]),
  )
  const added = [...columns].filter((column) => keys.every(({ other }) => other !== column))
  const fields = keys.map(({ field }) => field)
  return {
    columns: added,
    form,
    enrich(record) {
      const row = byKey.get(textKey(record, fields))
      if (row === undefined) return
      for (const column of added) if (!Object.hasOwn(record, column)) put(record, column, row[column])
    },
  }
}

async function tableOf(path: string): Promise<{ readonly form: TableForm; readonly rows: readonly Fields[] }> {
  let bytes: Buffer
  try {
    bytes = await readFile(path)
  } catch (error) {
    throw new TidemarkError('input', `--lookup: expected a file at '${path}', got ${messageOf(error)}`, {
      cause: error,
    })
  }
  const text = bytes.toString('utf8').trimStart()
  const form = formOf(path, text)
  return { form, rows: form === 'array' ? arrayOf(path, text) : await rowsOf(path, bytes, form) }
}

async function rowsOf(path: string, bytes: Buffer, form: Exclude<TableForm, 'array'>): Promise<readonly Fields[]> {
  const parser = await parserOf(form)
  const splitter = new LineSplitter(path, bytes.length + 1, () => {})
  return [...splitter.push(bytes), ...splitter.end()].flatMap((line) => {
    const row = parser.parse(line)
    if (row === noRecord) return []
    if (!(row instanceof Unparsable) && isFields(row)) return [row]
    const reason = row instanceof Unparsable ? row.reason : 'expected an object'
    throw new TidemarkError('input', `--lookup: ${path}:${line.number}: ${reason}`)
  })
}

function formOf(path: string, text: string): TableForm {
  if (text.startsWith('[')) return 'array'
  if (text.startsWith('{')) return 'json'
  return path.endsWith('.tsv') || /^[^\n,]*\t/.test(text) ? 'tsv' : 'csv'
}

async function parserOf(form: Exclude<TableForm, 'array'>): Promise<Parser<unknown>> {
  if (form === 'json') return json()
  const { csv, tsv } = await import('./parsers.ts')
  return form === 'tsv' ? tsv() : csv()
}

function arrayOf(path: string, text: string): readonly Fields[] {
  let rows: unknown
  try {
    rows = JSON.parse(text)
  } catch (error) {
    throw new TidemarkError('input', `--lookup: ${path}: ${messageOf(error)}`, { cause: error })
  }
  if (Array.isArray(rows) && rows.every(isFields)) return rows
  throw new TidemarkError('input', `--lookup: ${path}: expected an array of objects`)
}
