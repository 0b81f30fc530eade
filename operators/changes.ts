import type { Observable, OperatorFunction } from 'rxjs'
import { defineEgress } from '../lib/wiring/egress.ts'
import type { Diff, Element, Stream } from '../lib/element.ts'

/**
 * A value that has been added to a result, or taken out of it again.
 *
 * @typeParam P `PaneInfo` behind a window, `undefined` elsewhere
 */
export interface Change<T, K = undefined, P = undefined> {
  /** `-` takes an earlier `+` of the same key with an equal value, time and pane back. */
  readonly op: '+' | '-'
  readonly key: K
  readonly value: T
  /** Event time, epoch ms. */
  readonly time: number
  /** The window the value came out of, and which of its panes it is. */
  readonly pane: P
}

/**
 * Leads from a stream back to plain RxJS as a changelog: what comes, and what is taken back, each with key, time and pane.
 *
 * Each change leaves at once, in order. Whoever applies them one after the other, such as to a table, has the whole result at
 * any moment. Takes a stream of insertions as well. Holds nothing.
 *
 * @example
 * const totals = orders.pipe(keyBy((order) => order.shop), aggregate(sum((order) => order.amount), { keep: 'forever' }))
 * totals.pipe(changes()).subscribe(({ op, key, value }) => (op === '+' ? table.set(key, value) : table.delete(key)))
 */
export function changes<T, K, P, D extends Diff>(): OperatorFunction<Element<T, K, P, D>, Change<T, K, P>> {
  return (source: Stream<T, K, P, D>): Observable<Change<T, K, P>> =>
    defineEgress(source, 'changes', ({ value, time, key, diff, pane }) => ({
      op: diff === 1 ? '+' : '-',
      key,
      value,
      time,
      pane,
    }))
}
