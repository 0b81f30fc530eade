import { show, TidemarkError } from '../../lib/errors.ts'
import { type Parser, type Unparsable, unparsable } from './parser.ts'
import { table, type TableOptions } from './table.ts'

/** Options of `csv`. */
export interface CsvOptions<H extends string = string> extends TableOptions<H> {
  /** The character between fields; a comma unless given. */
  readonly delimiter?: string
}

const openQuote = unparsable('unclosed quote (a field that spans lines is not supported)')

/**
 * Parses comma-separated values (RFC 4180), each line a record with the names of the header.
 *
 * - A quoted field may contain delimiters and doubled quotes, but no line break: such a record is refused with an unclosed
 *   quote, because lines are all this sees.
 * - A quote inside of a field that doesn't begin with one stands for itself, and white space is kept.
 * - A line with more or fewer fields than the header is refused, an empty one too unless there is one column only.
 * - With the header in the data, a source has to be read from its first line on: the header is remembered by the line's
 *   `source`, for the 1,024 sources that were begun last, also in checkpoints. If the header is bad, so are all lines below it.
 *
 * @throws TidemarkError `invalid-argument` for a delimiter that isn't one character, or a header without columns or with two
 * of one name
 * @example
 * ```ts
 * lines('orders.csv').pipe(parse(csv()), map((order) => order['price']))
 * lines('no-header.csv').pipe(parse(csv({ header: ['id', 'price'], delimiter: ';' })), map((order) => order.price))
 * ```
 */
export function csv<H extends string = string>(options: CsvOptions<H> = {}): Parser<Record<H, string>> {
  const { delimiter = ',' } = options
  if (delimiter.length !== 1 || /["\r\n]/.test(delimiter)) {
    throw new TidemarkError(
      'invalid-argument',
      `csv: delimiter must be one character and no quote or line break, got ${show(delimiter)}`,
    )
  }
  return table('csv', (text) => splitCsv(text, delimiter), options)
}

function splitCsv(text: string, delimiter: string): readonly string[] | Unparsable {
  if (!text.includes('"')) return text.split(delimiter)
  const fields: string[] = []
  for (let at = 0; ; at++) {
    if (text[at] === '"') {
      const end = closingQuote(text, at + 1)
      if (end < 0) return openQuote
      fields.push(text.slice(at + 1, end).replaceAll('""', '"'))
      at = end + 1
      if (at < text.length && text[at] !== delimiter) {
        return unparsable(`field ${fields.length}: expected ${show(delimiter)} or the end after the closing quote`)
      }
    } else {
      const next = text.indexOf(delimiter, at)
      const end = next < 0 ? text.length : next
      fields.push(text.slice(at, end))
      at = end
    }
    if (at >= text.length) return fields
  }
}

/** Index of the next quote that isn't doubled, -1 if there is none. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from)
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2)
  return at
}
