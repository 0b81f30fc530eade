import type { OperatorFunction } from 'rxjs'
import type { Element } from '../lib/element.ts'
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
 * @throws TidemarkError `callback` as the error of the job, with key and event time, when `predicate` throws
 */
export function filter<T, S extends T, K, P>(
  predicate: (value: T) => value is S,
): OperatorFunction<Element<T, K, P>, Element<S, K, P>>
export function filter<T, K, P>(predicate: (value: T) => boolean): OperatorFunction<Element<T, K, P>, Element<T, K, P>>
export function filter<T, K, P>(
  predicate: (value: T) => boolean,
): OperatorFunction<Element<T, K, P>, Element<T, K, P>> {
  return (source) =>
    defineOperator<T, K, P, T, K, P>([source], {
      name: 'filter',
      create: (context) => ({
        onEvent(event) {
          if (predicate(event.value)) context.emit(event)
          else context.counters.filtered += 1
        },
      }),
    })
}
