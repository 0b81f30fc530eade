import type { OperatorFunction } from 'rxjs'
import { type Diff, type Element, event, type Event } from '../lib/element.ts'
import { defineOperator } from '../lib/wiring/operator.ts'

/**
 * Turns each value into another, at the same time and under the same key and pane.
 *
 * Each event leaves at once, retractions too: `project` must give equal results for equal values. Holds nothing.
 *
 * With `map((n) => n * n)`:
 *
 * ```marbles
 * in   2@1  x:3@4  ~5  |
 * out  4@1  x:9@4  ~5  |
 * ```
 *
 * @param project is given the value, and its event: time, key, and the pane it came out of
 * @throws TidemarkError `callback` as the error of the job, with key and event time, when `project` throws
 */
export function map<T, R, K, P, D extends Diff>(
  project: (value: T, event: Event<T, K, P, D>) => R,
): OperatorFunction<Element<T, K, P, D>, Element<R, K, P, D>> {
  return (source) =>
    defineOperator<Event<T, K, P, D>, Event<R, K, P, D>>([source], {
      name: 'map',
      create: (context) => ({
        onEvent(cause) {
          const { value, time, key, diff, pane } = cause
          context.emit(event(project(value, cause), time, key, diff, pane))
        },
      }),
    })
}
