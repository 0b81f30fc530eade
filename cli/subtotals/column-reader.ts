import type { ParserRecipe } from '../../adapters/format/parser.ts'
import { defaultMaxLineBytes } from '../../adapters/line/line-splitter.ts'
import { blockParser } from '../../adapters/records/parse-block.ts'
import { type ColumnPlan, ColumnTaker } from './column-taker.ts'
import { noLines, type Range, type RangeSubtotals } from './range.ts'

/** Bytes that are parsed at once: their columns are still in the processor's cache when they are added up. */
const blockBytes = 2 ** 20

/**
 * Makes a function that reads a range and adds up its columns; `undefined` where an event came behind the watermark.
 *
 * @param firstFields names the fields of the first event of a range
 */
export function columnReader(
  recipe: ParserRecipe,
  plan: Omit<ColumnPlan, 'kinds'>,
  firstFields: (range: Range) => readonly string[],
): (range: Range) => RangeSubtotals | undefined {
  const parse = blockParser({ recipe, maxLineBytes: defaultMaxLineBytes })
  const taker = new ColumnTaker({ ...plan, kinds: recipe.kinds })
  return (range) => {
    const counts = noLines()
    let areInTime = true
    for (let start = range.start; areInTime && start < range.end; start += blockBytes) {
      const block = parse({ path: range.path, start, end: Math.min(range.end, start + blockBytes) })
      counts.lines += block.lines
      counts.tooLong += block.refused.length
      counts.unparsable += block.bad.length
      areInTime = taker.add(block.columns)
    }
    const { subtotals, end, untimed } = taker.take()
    counts.untimed = untimed
    const seen = taker.seen()
    if (!areInTime) return undefined
    const others = subtotals.length > 0 && seen.some(({ isSeen }) => !isSeen) ? firstFields(range) : []
    const fields = seen.map((field) => ({ ...field, others }))
    return { subtotals, end, counts, failures: [], failed: 0, fields, lists: taker.takeValues() }
  }
}
