import type { OperatorFunction } from 'rxjs'
import type { Diff, Element, Event } from '../lib/element.ts'
import { defineOperator } from '../lib/wiring/operator.ts'

/**
 * Lets the events pass whose value satisfies `predicate`; the others are counted as filtered. Watermarks pass always.
 *
 * Each event leaves at once, retractions too: `predicate` must answer alike for equal values. Holds nothing.
 *
 * With `filter((n) => n > 1)`:
 *
 * ```marbles
 * in   2@1  1@4  ~5  3@6  |
 * out  2@1       ~5  3@6  |
 * ```
 *
 * @param predicate is given the value, and its event: time, key, and the pane it came out of
 * @throws TidemarkError `callback` as the error of the job, with key and event time, when `predicate` throws
 */
export function filter<T, S extends T, K, P, D extends Diff>(
  predicate: (value: T, event: Event<T, K, P, D>) => value is S,
): OperatorFunction<Element<T, K, P, D>, Element<S, K, P, D>>
export function filter<T, K, P, D extends Diff>(
  predicate: (value: T, event: Event<T, K, P, D>) => boolean,
): OperatorFunction<Element<T, K, P, D>, Element<T, K, P, D>>
export function filter<T, K, P, D extends Diff>(
  predicate: (value: T, event: Event<T, K, P, D>) => boolean,
): OperatorFunction<Element<T, K, P, D>, Element<T, K, P, D>> {
  return (source) =>
    defineOperator<Event<T, K, P, D>, Event<T, K, P, D>>([source], {
      name: 'filter',
      create: (context) => ({
        onEvent(event) {
          if (predicate(event.value, event)) context.emit(event)
          else context.counters.filtered += 1
        },
      }),
    })
}
