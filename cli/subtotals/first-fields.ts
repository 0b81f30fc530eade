import { noRecord, type Parser, Unparsable } from '../../adapters/format/parser.ts'
import type { LineTaker } from '../../adapters/records/block-lines.ts'
import type { Fields } from '../field.ts'
import type { Times } from '../times.ts'
import type { Range } from './range.ts'

/** Bytes in which a first event most likely is. */
const fewBytes = 2 ** 16

/** Names the fields of the first event of a range, to tell the user of those that there are. */
export function firstFields(
  { path, start, end }: Range,
  read: (range: Range, taker: LineTaker) => number,
  parser: Parser<Fields>,
  times: Times,
): readonly string[] {
  let names: readonly string[] | undefined
  const taker: LineTaker = {
    refused() {},
    lines(lines) {
      for (const line of lines) {
        const record = names === undefined ? parser.parse(line) : noRecord
        if (record === noRecord || record instanceof Unparsable) continue
        if (Number.isSafeInteger(times.of(record))) names = Object.keys(record)
      }
    },
  }
  for (let from = start; names === undefined && from < end; from += fewBytes) {
    read({ path, start: from, end: Math.min(end, from + fewBytes) }, taker)
  }
  return names ?? []
}
