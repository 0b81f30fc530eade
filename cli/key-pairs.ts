import { badValue } from './command-line.ts'
import type { Fields } from './field.ts'

/** A field of a record, and the one of the other side that is to be equal to it. */
export interface KeyPair {
  readonly field: string
  readonly other: string
}

/** A file, and the fields by which its records belong to those of the input. */
export interface KeyedFile {
  readonly path: string
  readonly keys: readonly KeyPair[]
}

/**
 * Reads `FILE:KEYS`, in which keys are separated by commas, each a name, or `FIELD=NAME` if it is called otherwise in the file.
 *
 * @param whole as it was given, for errors
 * @throws UsageError for what is none
 */
export function parseKeyedFile(flag: string, text: string, whole: string): KeyedFile {
  const { path, keys } = /^(?<path>.+):(?<keys>[^:]+)$/s.exec(text)?.groups ?? {}
  if (path === undefined || keys === undefined) throw badValue(flag, whole)
  return {
    path,
    keys: keys.split(',').map((key) => {
      const [field = '', other = field, ...more] = key.split('=').map((name) => name.trim())
      if (field === '' || other === '' || more.length > 0) throw badValue(flag, whole)
      return { field, other }
    }),
  }
}

/** Makes one key of fields, as texts, because those of some formats are: `7` and `'7'` are the same key. */
export function textKey(record: Fields, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => textOf(record[name])))
}

function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? JSON.stringify(value)
    : `${(value ?? '') as string | number | boolean}`
}
