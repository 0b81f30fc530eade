import type { JobMetrics, OperatorMetrics } from '../../lib/metrics.ts'
import type { Failures } from '../failures.ts'
import type { FieldsByName } from '../fields-by-name.ts'
import { type LineCounts, noLines, type Range, type RangeSubtotals } from './range.ts'

/** What has become of the lines of all ranges so far. */
export class Tally {
  readonly #counts: LineCounts = noLines()
  readonly #fields: FieldsByName
  readonly #failures: Failures
  #path = ''
  /** Lines of the file of the last range, up to that. */
  #lines = 0

  constructor(fields: FieldsByName, failures: Failures) {
    this.#fields = fields
    this.#failures = failures
  }

  /** Lines so far. */
  get lines(): number {
    return this.#counts.lines
  }

  add(range: Range, made: RangeSubtotals): void {
    if (range.path !== this.#path) this.#lines = 0
    this.#path = range.path
    for (const { number, reason } of made.failures)
      this.#failures.add(`${range.path}:${this.#lines + number}: ${reason}`)
    this.#failures.addSilently(made.failed - made.failures.length)
    this.#fields.add(made.fields)
    this.#lines += made.counts.lines
    for (const name of Object.keys(made.counts) as (keyof LineCounts)[]) this.#counts[name] += made.counts[name]
  }

  /** What a job would have counted that had seen the lines one by one. */
  metrics(job: JobMetrics): JobMetrics {
    const { lines, tooLong, unparsable, leftOut, untimed } = this.#counts
    const parsed = lines - tooLong
    const events = parsed - unparsable - leftOut
    const parse: OperatorMetrics = {
      id: 'parse',
      name: 'parse',
      in: parsed,
      out: events,
      contributed: events,
      refused: unparsable,
      filtered: leftOut,
      late: 0,
      closed: 0,
      noWindow: 0,
      held: 0,
      entries: 0,
      windowDrops: 0,
      watermark: -Infinity,
    }
    return {
      ...job,
      sources: job.sources.map((source) => ({ ...source, read: parsed, refused: tooLong })),
      operators: [
        parse,
        ...job.operators.map((each) => (each.name === 'assignTimestamps' ? { ...each, refused: untimed } : each)),
      ],
    }
  }
}
