import { availableParallelism } from 'node:os'
import type { JobMetrics } from '../../lib/metrics.ts'
import type { Stream } from '../../lib/element.ts'
import type { Subtotal } from '../../lib/subtotals/subtotal.ts'
import type { Key } from '../../operators/key-by.ts'
import type { Failures } from '../failures.ts'
import type { Fields } from '../field.ts'
import type { FieldsByName } from '../fields-by-name.ts'
import type { Plan } from './plan.ts'
import type { Range } from './range.ts'
import { RangePool } from './range-pool.ts'
import { RangeThread } from './range-thread.ts'
import { loadRangeReader } from './range-reader.ts'
import { subtotalEvents } from './subtotal-events.ts'
import { Tally } from './tally.ts'

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

const mostThreads = 4

/** A thread takes as long to start as this one takes to read two ranges. */
const rangesPerThread = 4

/** Threads run what the compiler made: Node 20 can't run this project's sources. */
const isCompiled = import.meta.url.endsWith('.js')

/** Starts the threads that read ranges, and loads what reads them in this one. */
export async function openSubtotals(plan: Plan, ranges: readonly Range[]): Promise<OpenSubtotals> {
  const threads = Math.min(mostThreads, availableParallelism() - 1, Math.floor(ranges.length / rangesPerThread))
  const pool = new RangePool(Array.from({ length: isCompiled ? threads : 0 }, () => new RangeThread(plan)))
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
