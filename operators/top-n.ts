import type { OperatorFunction } from 'rxjs'
import type { Comparable } from '../lib/aggregates/extreme.ts'
import { givenSelector } from '../lib/aggregates/selector.ts'
import type { Diff, Element, Event, EventStream } from '../lib/element.ts'
import { show, TidemarkError } from '../lib/errors.ts'
import { type RankedRow, TopMachine } from '../lib/tables/top-machine.ts'
import { defineOperator } from '../lib/wiring/operator.ts'

export type { RankedRow }

/** Options of `topN`. */
export interface TopNOptions<T, G> {
  /** Which ranking a row is in, by its value; there is one of all unless given. It becomes the key of what leaves. */
  readonly of?: (value: T) => G
  /** Name of this operator in metrics, errors and checkpoints; unique in a job. */
  readonly id?: string
}

/**
 * Ranks the rows of a table by the largest `by`, and keeps the first `n` ranks up to date.
 *
 * Takes a changelog with one row a key, such as those of `toTable`, `aggregate` and `tableJoin`. What comes out is a changelog of
 * ranks, under the key of their ranking: each change leaves at once, as the retractions of the ranks that are another row's now,
 * with the times they had, and their insertions, with the time of the change. An update that leaves a rank as it was gives nothing.
 * Of equally good rows the one that came first stands first; an update comes anew. None is late.
 *
 * With `topN(1, (n) => n)`, for what is `toTable`'s:
 *
 * ```marbles
 * in   x:5@1                             y:7@2                                                               y:4@3
 * out  {"rank":1,"key":"x","value":5}@1  -{"rank":1,"key":"x","value":5}@1&{"rank":1,"key":"y","value":7}@2  -{"rank":1,"key":"y","value":7}@2&{"rank":1,"key":"x","value":5}@3
 * ```
 *
 * Holds all rows, because any of them may come to be among the first; each is freed when it is taken back, a ranking with its last
 * row, and all at the end of the input. A row that stands for good in front of it is held here: give `toTable` or `aggregate` a
 * `keep`. What stands at the end of the input is not taken back.
 *
 * @param n how many ranks, at least 1
 * @param by a number, text or bigint to rank a row by
 * @throws TidemarkError `invalid-argument` when built with arguments that are none, and as the error of the job if what `by` gives
 *   is NaN, of any other type, or of types mixed; `unsupported` as the error of the job, when a row is taken back that is not
 *   there, or the next row of a key comes before that
 * @see Flink SQL's Top-N (`ROW_NUMBER() ... <= n`)
 * @example
 * hits.pipe(keyBy((hit) => hit.page), aggregate(count(), { keep: '1d' }), topN(10, (hits) => hits), changes())
 */
export function topN<T, K, P, D extends Diff, G = undefined>(
  n: number,
  by: (value: T) => Comparable,
  options: TopNOptions<T, G> = {},
): OperatorFunction<Element<T, K, P, D>, Element<RankedRow<T, K>, G, undefined, Diff>> {
  if (!Number.isSafeInteger(n) || n < 1) {
    throw new TidemarkError('invalid-argument', `topN: expected a whole number of ranks above 0, got ${show(n)}`)
  }
  const { of, id } = options
  // Without `of` there is one ranking, named undefined as its type says.
  const settings = { n, by: givenSelector('topN', by), of: of ?? (() => undefined as G) }
  return (source: EventStream<Event<T, K, P, Diff>>) =>
    defineOperator<Event<T, K, P, Diff>, Event<RankedRow<T, K>, G, undefined, Diff>>([source], {
      name: 'topN',
      id,
      retracts: 'always',
      create: (context) => new TopMachine<T, K, G>(settings, context),
    })
}
