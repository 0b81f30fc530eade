import type { FieldKinds } from '../../adapters/format/parser.ts'
import { defaultMaxLineBytes } from '../../adapters/line/line-splitter.ts'
import { blockLines } from '../../adapters/records/block-lines.ts'
import { hasKernels } from '../../adapters/records/kernel.ts'
import { SingleSubtotaller, SliceSubtotaller, type Subtotaller } from '../../lib/subtotals/subtotaller.ts'
import type { Key } from '../../operators/key-by.ts'
import { loadAggregation } from '../aggregation.ts'
import type { Fields } from '../field.ts'
import { firstFields } from './first-fields.ts'
import { loadFormat } from '../format.ts'
import { onlyWhatIsRead } from '../only-what-is-read.ts'
import { accessLogTimes, loadTimes } from '../times.ts'
import { toZone } from '../zone.ts'
import { type Plan, seriesOf } from './plan.ts'
import type { Range, RangeSubtotals } from './range.ts'
import { RecordTaker } from './record-taker.ts'

/**
 * Reads a range and adds up its records.
 *
 * @param asSingle leaves each event as it is, as is done anyhow where one of them comes behind the watermark
 */
export type RangeReader = (range: Range, asSingle?: boolean) => RangeSubtotals

/** Loads what reads ranges, in any thread. */
export async function loadRangeReader(plan: Plan): Promise<RangeReader> {
  const { config, hasParsedTimes } = plan
  const { disorder: delay, zone, year } = config
  const { parsing } = onlyWhatIsRead({ ...config, parsing: await loadFormat(config.format, config) })
  const times = hasParsedTimes ? accessLogTimes : await loadTimes(config.time, toZone(zone), year)
  const aggregation = await loadAggregation(config, [])
  const { aggregate, windows, fields, derived } = aggregation
  const settings = { aggregate, series: seriesOf(windows), delay }
  const parser = parsing.parser()
  const readLines = blockLines(defaultMaxLineBytes)

  function read(range: Range, subtotaller: Subtotaller<Fields, Key>): RangeSubtotals | undefined {
    const records = new RecordTaker(aggregation, times, subtotaller)
    const { counts, failures } = records
    counts.lines = readLines(range, {
      refused: () => (counts.tooLong += 1),
      lines(lines) {
        for (const line of lines) records.take(parser.parse(line), line.number)
      },
    })
    const seen = fields.take()
    if (!records.areInTime) return undefined
    const { end } = subtotaller
    return { subtotals: subtotaller.finish(), end, counts, failures, failed: records.failed, fields: seen, lists: [] }
  }

  const recipe = parser.recipe ?? (hasPlainTime(plan) ? parsing.columns : undefined)
  const byColumns =
    derived === undefined && recipe !== undefined && hasKernels() && isTime(recipe.kinds[config.time.field])
  const sum = byColumns
    ? (await import('./column-reader.ts')).columnReader(
        recipe,
        { ...aggregation, ...settings, by: config.by, time: config.time.field },
        (range) => firstFields(range, readLines, parser, times),
      )
    : (range: Range) => read(range, new SliceSubtotaller(settings))
  return (range, asSingle = false) =>
    (asSingle ? undefined : sum(range)) ?? (read(range, new SingleSubtotaller(settings)) as RangeSubtotals)
}

function isTime(kind: FieldKinds[string] | undefined): boolean {
  return kind === 'number' || kind === 'instant'
}

/** Whether the time is read as `parseInstant` does, and for nothing else. */
function hasPlainTime({ config: { time, zone, by, aggregates } }: Plan): boolean {
  const isRead = by.includes(time.field) || aggregates.some(({ field }) => field === time.field)
  return time.format === undefined && toZone(zone).isUtc && !isRead
}
