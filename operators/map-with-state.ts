import type { OperatorFunction } from 'rxjs'
import { checkVersion, type VersionedState } from '../lib/checkpoint/versioned-state.ts'
import type { Element, Event, EventStream } from '../lib/element.ts'
import { KeyedMachine } from '../lib/keyed/keyed-machine.ts'
import { endlessKeys, type KeyedOptions, keyedSettings } from '../lib/keyed/keyed-options.ts'
import { StepLogic, type StepState } from '../lib/keyed/step-logic.ts'
import { defineOperator } from '../lib/wiring/operator.ts'

/** Options of `mapWithState`. */
export interface MapWithStateOptions<T, K, P, S> extends KeyedOptions<T, K, P>, VersionedState<S> {}

/**
 * Turns each value into another one, with the help of a state that its key has, at the same time and under the same key and pane.
 *
 * An event leaves at once; with `order: 'time'` when the watermark has passed it, in the order of the times of all keys, those of
 * one time as they came. Takes insertions only.
 *
 * With `mapWithState(0, (total, n) => [total + n, total + n], { keep: 5, late })`:
 *
 * ```marbles
 * in    x:1@1  x:2@4  y:7@5  ~9  x:5@6  x:9@3     ~12  x:1@13  |
 * out   x:1@1  x:3@4  y:7@5  ~9  x:8@6            ~12  x:1@13  |
 * late                                  L(x:9@3)
 * ```
 *
 * Holds a state for each key. It is freed when it is `initial` again, and when the watermark has passed the key's latest event by
 * more than `keep`; a later event starts the key anew. With `order: 'time'` it also holds the events that the watermark has not
 * passed. An event more than `keep` behind the watermark is late, with `order: 'time'` each one behind it: it is counted, and
 * handed to `late`.
 *
 * When the state comes to look otherwise, raise `version`, and say in `migrate` what becomes of states in a checkpoint.
 *
 * @param initial the state of a key that has none; never changed in place
 * @param step from a state and a value to the next state and what leaves
 * @throws TidemarkError `invalid-duration` or `invalid-argument` when built with options that are none; as the error of the job
 *   `callback`, with key and event time, when `step` throws; `unsupported` for a retraction that got past the types
 * @see Flink's `mapWithState`; `process` for timers, and for more or fewer results than events
 * @example
 * readings.pipe(
 *   keyBy((reading) => reading.sensor),
 *   mapWithState<Reading, string, undefined, number | undefined, number>(
 *     undefined,
 *     (last, { degrees }) => [degrees, last === undefined ? 0 : degrees - last],
 *     { keep: '1h', order: 'time' },
 *   ),
 * )
 */
export function mapWithState<T, K, P, S, R>(
  initial: S,
  step: (state: S, value: T, event: Event<T, K, P>) => readonly [S, R],
  options: MapWithStateOptions<T, K, P, S>,
): OperatorFunction<Element<T, K, P>, Element<R, K, P>> {
  const settings = keyedSettings('mapWithState', options)
  checkVersion('mapWithState', options)
  return (source: EventStream<Event<T, K, P>>) =>
    defineOperator<Event<T, K, P>, Event<R, K, P>>([source], {
      name: 'mapWithState',
      id: options.id,
      retracts: 'never',
      endless: endlessKeys(options.keep),
      create: (context) =>
        new KeyedMachine<T, K, P, Event<R, K, P>, StepState<K, S>>(
          settings,
          context,
          context.open(options.late),
          (turn) => new StepLogic(initial, step, options, turn),
        ),
    })
}
