import type { Parser } from './parser.ts'
import { table, type TableOptions } from './table.ts'

/**
 * Parses tab-separated values (IANA's text/tab-separated-values): each line a record with the names of the header. There are
 * no quotes and no escapes, so that a field contains neither tab nor line break. Header and refusals are as with `csv`.
 *
 * @throws TidemarkError `invalid-argument` for a header without columns or with two of one name
 */
export function tsv<H extends string = string>(options: TableOptions<H> = {}): Parser<Record<H, string>> {
  return table('tsv', (text) => text.split('\t'), options)
}
