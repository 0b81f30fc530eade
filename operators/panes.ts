import type { Observable, OperatorFunction } from 'rxjs'
import { defineEgress } from '../lib/wiring/egress.ts'
import type { Diff, Element, Stream } from '../lib/element.ts'
import type { PaneInfo } from '../lib/window.ts'

/** A value that a window gave, with everything known of it. */
export interface Pane<T, K = undefined> extends PaneInfo {
  readonly key: K
  readonly value: T
  /** -1 takes an earlier pane of the same window and key back. */
  readonly diff: Diff
}

/**
 * Leads from a stream behind a window back to plain RxJS: each value with its window, key and timing.
 *
 * Each pane leaves at once, retractions too (`diff` is -1). Holds nothing.
 *
 * @example
 * perHour.pipe(panes()).subscribe(({ window, value }) => console.log(new Date(window.start), value))
 */
export function panes<T, K>(): OperatorFunction<Element<T, K, PaneInfo>, Pane<T, K>> {
  return (source: Stream<T, K, PaneInfo>): Observable<Pane<T, K>> =>
    defineEgress(source, 'panes', ({ pane, key, value, diff }) => {
      const { window, timing, index, isFirst, isLast, nonSpeculativeIndex } = pane
      return { window, key, value, timing, index, isFirst, isLast, nonSpeculativeIndex, diff }
    })
}
