import { messageOf } from '../../lib/errors.ts'
import { jsonFields, type JsonOptions } from './json-fields.ts'
import { emptyLine, type Parser, unparsable } from './parser.ts'

/**
 * Parses JSON lines (NDJSON): one JSON value a line.
 *
 * A line of white space is refused, and so is anything that `JSON.parse` refuses, with its message but for the parts that
 * repeat the line or differ from one version of Node to the next.
 *
 * With `fields` it makes records of these fields alone, with the values that `JSON.parse` gives, several times as fast. Every byte is
 * checked all the same. A line that is no object is then refused. Records may share lists and objects that are spelled alike: don't
 * change them.
 *
 * @typeParam T what you know the values to be; it is not checked
 * @throws TidemarkError `invalid-argument` for the field `__proto__`, or an `instant` that is none of the fields
 * @example
 * ```ts
 * lines('events.jsonl').pipe(parse(json<{ at: number; user: string }>()))
 * records('events.jsonl', json({ fields: ['at', 'level'], instant: 'at' }))
 * ```
 */
export function json<T = unknown>(): Parser<T>
export function json<F extends string>(options: JsonOptions<F>): Parser<Record<F, unknown>>
export function json<T extends object>(options: JsonOptions<keyof T & string>): Parser<T>
export function json(options?: JsonOptions): Parser<unknown> {
  return options === undefined ? wholeJson : jsonFields(wholeJson, options)
}

const wholeJson: Parser<unknown> = {
  name: 'json',
  parse({ text }) {
    try {
      return JSON.parse(text) as unknown
    } catch (error) {
      return text.trim() === '' ? emptyLine : unparsable(`JSON: ${stablePart(messageOf(error))}`)
    }
  },
}

/**
 * From `Unexpected token 'x', "the line" is not valid JSON`, `"NaN" is not valid JSON` and
 * `Unterminated string in JSON at position 4 (line 1 column 5)`.
 */
function stablePart(message: string): string {
  const [part = ''] = message.split(/(?:^|, (?:\.\.\.)?)"| \(line /, 1)
  return part === '' ? 'not a value' : part
}
