import { TidemarkError } from '../../lib/errors.ts'
import { type Parser, unparsable } from './parser.ts'

const noMatch = unparsable('no match')

/**
 * Parses lines with a regular expression: the record is its named groups, with `undefined` for those that took no part in the
 * match. A line that does not match is refused. The expression is copied; it need not match the whole line unless it says so
 * with `^` and `$`, or begins at its start with the `y` flag. The `g` flag has no effect.
 *
 * @throws TidemarkError `invalid-argument` for a pattern without named groups
 * @example
 * ```ts
 * lines('zookeeper.log').pipe(parse(regex(/^(?<time>\S+ \S+) - (?<level>\w+) +\[(?<thread>.*?)\] - (?<text>.*)$/)))
 * ```
 */
export function regex(pattern: RegExp): Parser<Record<string, string | undefined>> {
  // With the empty alternative it matches everything, and a match says whether there are groups.
  if (new RegExp(`${pattern.source}|`, pattern.flags).exec('')?.groups === undefined) {
    throw new TidemarkError(
      'invalid-argument',
      `regex: pattern must have named groups like (?<name>...), got ${pattern}`,
    )
  }
  const own = new RegExp(pattern)
  return {
    name: 'regex',
    parse({ text }) {
      // With the flags g and y, the last match says where the next one begins.
      own.lastIndex = 0
      return own.exec(text)?.groups ?? noMatch
    },
  }
}
