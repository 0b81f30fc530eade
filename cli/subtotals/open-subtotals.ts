import { ThreadPool } from '../../adapters/threads/thread-pool.ts'
import type { JobMetrics } from '../../lib/metrics.ts'
import type { Stream } from '../../lib/element.ts'
import type { Subtotal } from '../../lib/subtotals/subtotal.ts'
import type { Key } from '../../operators/key-by.ts'
import type { Failures } from '../failures.ts'
import type { Fields } from '../field.ts'
import type { FieldsByName } from '../fields-by-name.ts'
import type { Plan } from './plan.ts'
import type { Range, RangeSubtotals } from './range.ts'
import { loadRangeReader } from './range-reader.ts'
import { type RangeThread, startThreads } from './range-threads.ts'
import { subtotalEvents } from './subtotal-events.ts'
import { Tally } from './tally.ts'
import { ValueLists } from './value-lists.ts'

/** The lines of a job, added up on all cores. */
export interface OpenSubtotals {
  /**
   * Makes the stream of the subtotals.
   *
   * @param fields what the user is told of fields
   * @param failures and of expressions
   */
  events(fields: FieldsByName, failures: Failures): Stream<Subtotal<Key, Fields>, Key, undefined>
  /** What a job would have counted that had seen the lines one by one. */
  metrics(job: JobMetrics): JobMetrics
  close(): Promise<void>
}

/**
 * Has threads read ranges, and loads what reads them in this one.
 *
 * @param ahead threads that have been started; they are closed with the others
 */
export async function openSubtotals(
  plan: Plan,
  ranges: readonly Range[],
  ahead: readonly RangeThread[] = [],
): Promise<OpenSubtotals> {
  const bytes = ranges.reduce((sum, { start, end }) => sum + end - start, 0)
  const pool = new ThreadPool(ahead.length > 0 ? ahead : startThreads(bytes), plan, () => {
    const lists = new ValueLists()
    return (made: RangeSubtotals): RangeSubtotals => lists.resolve(made)
  })
  const read = await loadRangeReader(plan)
  let tally: Tally | undefined
  return {
    events(fields, failures) {
      tally = new Tally(fields, failures)
      return subtotalEvents({ ranges, read, pool, tally })
    },
    metrics: (job) => tally?.metrics(job) ?? job,
    close: () => pool.close(),
  }
}
