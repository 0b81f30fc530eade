import type { OperatorFunction } from 'rxjs'
import { type Diff, type Element, event, type Event } from '../lib/element.ts'
import { defineOperator } from '../lib/wiring/operator.ts'

/**
 * Turns each value into any number of others, at the same time and under the same key and pane.
 *
 * What `project` gives leaves at once and in order; an event that becomes nothing is counted as filtered. Retractions pass
 * too: `project` must give equal results for equal values. Holds nothing.
 *
 * With `flatMap((n) => [n, n * n])`:
 *
 * ```marbles
 * in   2@1      x:3@4        ~5  |
 * out  2@1&4@1  x:3@4&x:9@4  ~5  |
 * ```
 *
 * @param project is given the value, and its event: time, key, and the pane it came out of
 * @throws TidemarkError `callback` as the error of the job, with key and event time, when `project` throws
 */
export function flatMap<T, R, K, P, D extends Diff>(
  project: (value: T, event: Event<T, K, P, D>) => Iterable<R>,
): OperatorFunction<Element<T, K, P, D>, Element<R, K, P, D>> {
  return (source) =>
    defineOperator<Event<T, K, P, D>, Event<R, K, P, D>>([source], {
      name: 'flatMap',
      create(context) {
        const { counters } = context
        let contributed = 0
        return {
          onEvent(cause) {
            const { value, time, key, diff, pane } = cause
            const before = counters.out
            for (const result of project(value, cause)) context.emit(event(result, time, key, diff, pane))
            if (counters.out > before) contributed += 1
            else counters.filtered += 1
          },
          contributed: () => contributed,
        }
      },
    })
}
