import type { OperatorFunction } from 'rxjs'
import { type Diff, type Element, event, type Event } from '../lib/element.ts'
import { checkKey, type Key } from '../lib/keyed/key.ts'
import { defineOperator } from '../lib/wiring/operator.ts'

export type { Key }

/** Options of `keyBy`. */
export interface KeyByOptions {
  /** Name of this operator in metrics, errors and checkpoints; unique in a job. */
  readonly id?: string
}

/**
 * Gives each event a key: windows, joins and state behind it are kept apart by key.
 *
 * Each event leaves at once. Nothing is kept here; each key's state is freed by the operator that holds it.
 *
 * With `keyBy((n) => (n % 2 === 0 ? 'even' : 'odd'))`:
 *
 * ```marbles
 * in   2@1       3@4      ~5  |
 * out  even:2@1  odd:3@4  ~5  |
 * ```
 *
 * @param keyOf the key of a value, and of what else its event has; make one text of several fields. Of results of windows it can
 *   name the window, so that what is revised is a table
 * @throws TidemarkError `invalid-key` as the error of the job, for a key that is an object or a function, because two equal
 *   ones would be two keys
 * @example
 * hits.pipe(keyBy((hit) => hit.host), window(tumbling('1h'), count()))
 * counts.pipe(keyBy((_, { key, pane }) => `${key} ${pane.window.start}`))
 */
export function keyBy<T, K extends Key, KI, P, D extends Diff>(
  keyOf: (value: T, event: Event<T, KI, P, D>) => K,
  options: KeyByOptions = {},
): OperatorFunction<Element<T, KI, P, D>, Element<T, K, P, D>> {
  return (source) =>
    defineOperator<Event<T, KI, P, D>, Event<T, K, P, D>>([source], {
      name: 'keyBy',
      ...options,
      create: (context) => ({
        onEvent(cause) {
          const { value, time, diff, pane } = cause
          const key = keyOf(value, cause)
          checkKey(key)
          context.emit(event(value, time, key, diff, pane))
        },
      }),
    })
}
