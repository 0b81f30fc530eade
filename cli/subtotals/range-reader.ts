import { defaultMaxLineBytes } from '../../adapters/line/line-splitter.ts'
import { blockLines } from '../../adapters/records/block-lines.ts'
import { SingleSubtotaller, SliceSubtotaller, type Subtotaller } from '../../lib/subtotals/subtotaller.ts'
import type { Key } from '../../operators/key-by.ts'
import { loadAggregation } from '../aggregation.ts'
import type { Fields } from '../field.ts'
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
 * @param asSingle makes a subtotal of each event, as is done anyhow where one of them comes behind the watermark
 */
export type RangeReader = (range: Range, asSingle?: boolean) => RangeSubtotals

/** Loads what reads ranges, in any thread. */
export async function loadRangeReader(plan: Plan): Promise<RangeReader> {
  const { config, hasParsedTimes } = plan
  const { disorder: delay, zone, year } = config
  const { parsing } = await onlyWhatIsRead({ ...config, parsing: await loadFormat(config.format, config) })
  const times = hasParsedTimes ? accessLogTimes : await loadTimes(config.time, toZone(zone), year)
  const aggregation = await loadAggregation(config, [])
  const { aggregate, windows, fields } = aggregation
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
    return {
      subtotals: subtotaller.finish(),
      end: subtotaller.end,
      counts,
      failures,
      failed: records.failed,
      fields: seen,
    }
  }

  return (range, asSingle = false) =>
    (asSingle ? undefined : read(range, new SliceSubtotaller(settings))) ??
    (read(range, new SingleSubtotaller(settings)) as RangeSubtotals)
}
