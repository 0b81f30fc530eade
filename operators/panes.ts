import type { Observable, OperatorFunction } from 'rxjs'
import { defineEgress } from '../lib/wiring/egress.ts'
import type { Diff, Element, Stream } from '../lib/element.ts'
import type { PaneInfo } from '../lib/window.ts'

/** A value that a window gave, with everything known of it. */
export interface Pane<T, K = undefined, D extends Diff = 1> extends PaneInfo {
  readonly key: K
  readonly value: T
  /** -1 takes an earlier pane of the same window and key back. */
  readonly diff: D
}

/**
 * Leads from a stream behind a window back to plain RxJS: each value with its window, key and timing.
 *
 * Each pane leaves at once, retractions too (`diff` is -1). Holds nothing.
 *
 * @example
 * perHour.pipe(panes()).subscribe(({ window, value }) => console.log(new Date(window.start), value))
 */
export function panes<T, K, D extends Diff>(): OperatorFunction<Element<T, K, PaneInfo, D>, Pane<T, K, D>> {
  return (source: Stream<T, K, PaneInfo, D>): Observable<Pane<T, K, D>> =>
    defineEgress(source, 'panes', ({ pane, key, value, diff }) => ({ ...pane, key, value, diff }))
}
