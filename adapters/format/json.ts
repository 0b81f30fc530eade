import { messageOf } from '../../lib/errors.ts'
import { emptyLine, type Parser, unparsable } from './parser.ts'

/**
 * Parses JSON lines (NDJSON): one JSON value a line.
 *
 * A line of white space is refused, and so is anything that `JSON.parse` refuses, with its message but for the parts that
 * repeat the line or differ from one version of Node to the next.
 *
 * @typeParam T what you know the values to be; it is not checked
 * @example
 * ```ts
 * lines('events.jsonl').pipe(parse(json<{ at: number; user: string }>()))
 * ```
 */
export function json<T = unknown>(): Parser<T> {
  return {
    name: 'json',
    parse({ text }) {
      try {
        // What the values are is the caller's claim.
        return JSON.parse(text) as T
      } catch (error) {
        return text.trim() === '' ? emptyLine : unparsable(`JSON: ${stablePart(messageOf(error))}`)
      }
    },
  }
}

/**
 * From `Unexpected token 'x', "the line" is not valid JSON`, `"NaN" is not valid JSON` and
 * `Unterminated string in JSON at position 4 (line 1 column 5)`.
 */
function stablePart(message: string): string {
  const [part = ''] = message.split(/(?:^|, (?:\.\.\.)?)"| \(line /, 1)
  return part === '' ? 'not a value' : part
}
