import { messageOf, show, TidemarkError } from '../lib/errors.ts'
import type { MarbleReader } from './marble-reader.ts'

/** A run without blanks and without the signs of the alphabet. */
const word = /[^\s&@:=[\](){}"?!,#|~]+/y
const wholeWord = /^[^\s&@:=[\](){}"?!,#|~+-][^\s&@:=[\](){}"?!,#|~]*$/
const number = /^-?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Infinity)$/
const quoted = /"(?:[^"\\]|\\.)*"/y
const jsonPart = /"(?:[^"\\]|\\.)*"|[[\]{}]|[^"[\]{}]+/y

/** Words that mean themselves; as texts they are quoted. */
const literals: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['undefined', undefined],
  ['NaN', Number.NaN],
])

/** Reads a word or a quoted text, if there is one. */
export function readText(reader: MarbleReader): string | undefined {
  return reader.take(word) ?? readQuoted(reader)
}

/** Reads a value without parts; in a box, since `undefined` is one. */
export function readScalar(reader: MarbleReader): { readonly value: unknown } | undefined {
  const text = reader.take(word)
  if (text !== undefined) return { value: scalarOf(text) }
  const string = readQuoted(reader)
  return string === undefined ? undefined : { value: string }
}

/** Reads any value: a scalar, or an array or record as JSON. `expected` is said where there is none. */
export function readValue(reader: MarbleReader, expected: string): unknown {
  const scalar = readScalar(reader)
  if (scalar !== undefined) return scalar.value
  const from = reader.at
  let depth = 0
  do {
    const part = reader.take(jsonPart)
    if (part === undefined || (depth === 0 && part !== '[' && part !== '{')) {
      throw reader.error(depth === 0 ? expected : 'an array or record that ends', from)
    }
    if (part === '[' || part === '{') depth++
    else if (part === ']' || part === '}') depth--
  } while (depth > 0)
  return parseJson(reader, from)
}

/**
 * Writes a value as `readValue` reads it: numbers and texts bare where that is unambiguous, everything else as compact JSON
 * with sorted keys, so that equal values are equal texts. Properties that are `undefined` are left out, and -0 is 0.
 *
 * @throws TidemarkError `invalid-argument` for what has no notation: functions, class instances, `NaN` inside of an array
 */
export function printValue(value: unknown): string {
  if (typeof value === 'number' || value === undefined) return String(value)
  if (typeof value === 'string' && wholeWord.test(value) && scalarOf(value) === value) return value
  return json(value)
}

function scalarOf(text: string): unknown {
  if (literals.has(text)) return literals.get(text)
  return number.test(text) ? Number(text) + 0 : text // -0 becomes 0
}

function readQuoted(reader: MarbleReader): string | undefined {
  const from = reader.at
  return reader.take(quoted) === undefined ? undefined : String(parseJson(reader, from))
}

function parseJson(reader: MarbleReader, from: number): unknown {
  try {
    return JSON.parse(reader.text.slice(from, reader.at), (_, value: unknown) => (value === 0 ? 0 : value))
  } catch (cause) {
    throw reader.error(`JSON (${messageOf(cause)})`, from)
  }
}

function json(value: unknown): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value)
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (Array.isArray(value)) return `[${Array.from(value, json).join(',')}]`
  if (isPlain(value)) {
    const keys = Object.keys(value).filter((key) => value[key] !== undefined)
    return `{${keys
      .sort()
      .map((key) => `${JSON.stringify(key)}:${json(value[key])}`)
      .join(',')}}`
  }
  throw new TidemarkError('invalid-argument', `printMarbles: expected a value that JSON can hold, got ${show(value)}`)
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
