import { noRecord, Unparsable } from '../../adapters/format/parser.ts'
import type { Subtotaller } from '../../lib/subtotals/subtotaller.ts'
import type { Key } from '../../operators/key-by.ts'
import type { Aggregation } from '../aggregation.ts'
import { mostShown } from '../failures.ts'
import type { Fields } from '../field.ts'
import type { Times } from '../times.ts'
import { type LineCounts, noLines } from './range.ts'

/** Leads what became of the lines of a range to a subtotaller, and counts what does not get there. */
export class RecordTaker {
  readonly counts: LineCounts = noLines()
  /** The first expressions that failed. */
  readonly failures: { readonly number: number; readonly reason: string }[] = []
  /** How many did. */
  failed = 0
  /** No event has come behind the watermark; once one has, what comes then is not taken. */
  areInTime = true
  readonly #aggregation: Pick<Aggregation, 'derived' | 'keyOf'>
  readonly #times: Times
  readonly #subtotaller: Subtotaller<Fields, Key>

  constructor(
    aggregation: Pick<Aggregation, 'derived' | 'keyOf'>,
    times: Times,
    subtotaller: Subtotaller<Fields, Key>,
  ) {
    this.#aggregation = aggregation
    this.#times = times
    this.#subtotaller = subtotaller
  }

  /**
   * Takes what a parser made of a line.
   *
   * @param number of the line in its range
   */
  take(record: Fields | Unparsable | typeof noRecord, number: number): void {
    const { derived, keyOf } = this.#aggregation
    const made =
      derived === undefined || record === noRecord || record instanceof Unparsable ? record : derived.derive(record)
    if (made === noRecord) this.counts.leftOut += 1
    else if (made instanceof Unparsable) this.#refuse(made, record !== made, number)
    else {
      const time = this.#times.of(made)
      if (!Number.isSafeInteger(time)) this.counts.untimed += 1
      else if (this.areInTime)
        this.areInTime = this.#subtotaller.add(keyOf === undefined ? undefined : keyOf(made), time, made)
    }
  }

  #refuse({ reason }: Unparsable, hasFailed: boolean, number: number): void {
    this.counts.unparsable += 1
    if (!hasFailed) return
    this.failed += 1
    if (this.failures.length < mostShown) this.failures.push({ number, reason })
  }
}
