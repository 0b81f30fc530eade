import type { OperatorFunction } from 'rxjs'
import type { Element, Event, EventStream } from '../lib/element.ts'
import { KeyedMachine } from '../lib/keyed/keyed-machine.ts'
import { endlessKeys, type KeyedOptions, keyedSettings } from '../lib/keyed/keyed-options.ts'
import type { ProcessDefinition } from '../lib/keyed/process-definition.ts'
import { ProcessLogic, type ProcessState } from '../lib/keyed/process-logic.ts'
import type { StateSpecs } from '../lib/keyed/state-spec.ts'
import { defineOperator } from '../lib/wiring/operator.ts'

/**
 * Makes an operator of two functions: one takes the events, the other the timers that they set, and both work on the state of the
 * key at hand.
 *
 * What they emit leaves when they return, under the key, with the time of the event or timer at hand unless they give a later one.
 * An event-time timer fires when the watermark reaches its time, before that watermark goes on, so that what it emits is on time
 * for what follows. Timers fire in the order of their times over all keys, those of one time in the order in which they were set.
 * Takes insertions only, and gives insertions only.
 *
 * With a process that counts until a key has been silent for 5 ms (see the example):
 *
 * ```marbles
 * in   x:7@1  x:8@3  y:9@4  ~8        x:7@9  |
 * out                       x:2@8&~8         y:1@9&x:1@14&|
 * ```
 *
 * Holds for each key what is in its state, and its timers. A key is freed when its state is empty and no timer is set, and when
 * the watermark has passed its latest event by more than `keep`, and the timers that events have set; a later event starts it anew.
 * An event more than `keep` behind the watermark is late: it is counted, and handed to `late`.
 *
 * With `order: 'time'` events wait until the watermark has passed them. Then they and the timers are handled in one order of time,
 * as if there were a watermark in front of each event: a timer comes before the events of its time, and what has expired at the
 * time of an event is not there any more. So the results do not depend on the order of arrival, nor on how often watermarks come.
 * Each event behind the watermark is late.
 *
 * At the end of the input the timers that are set fire, those of processing time too. Where `keep` is `'forever'`, timers set by
 * these fire only up to the time of the key's latest event.
 *
 * @param definition the state and the functions. What is emitted is given a type at one of these: `emit: Emit<Alert>`
 * @throws TidemarkError `invalid-duration` or `invalid-argument` when built with options that are none; as the error of the job
 *   `callback`, with key and event time, when a function throws; `invalid-time` when it emits or sets a timer at no time, or emits
 *   what would be late; `invalid-argument` when a timer sets one that is not later; `unsupported` when it uses what it was given
 *   after it has returned, and for a retraction that got past the types
 * @see Flink's `KeyedProcessFunction`; the timers of Beam, which have names and are moved, too
 * @example
 * hits.pipe(
 *   keyBy((hit) => hit.host),
 *   process(
 *     {
 *       state: { hits: valueState({ initial: 0 }) },
 *       onEvent({ time }, { state, setTimer }) {
 *         state.hits.set(state.hits.value + 1)
 *         setTimer(time + 5)
 *       },
 *       onTimer(_, { state }, emit: Emit<number>) {
 *         emit(state.hits.value)
 *         state.hits.clear()
 *       },
 *     },
 *     { keep: '1h' },
 *   ),
 * )
 */
export function process<T, K, P, S extends StateSpecs = Record<never, never>, O = never>(
  definition: ProcessDefinition<T, K, P, S, O>,
  options: KeyedOptions<T, K, P>,
): OperatorFunction<Element<T, K, P>, Element<O, K, undefined>> {
  const settings = keyedSettings('process', options)
  return (source: EventStream<Event<T, K, P>>) =>
    defineOperator<Event<T, K, P>, Event<O, K, undefined>>([source], {
      name: 'process',
      id: options.id,
      retracts: 'never',
      endless: endlessKeys(options.keep),
      create: (context) =>
        new KeyedMachine<T, K, P, Event<O, K, undefined>, ProcessState<K>>(
          settings,
          context,
          context.open(options.late),
          (turn) => new ProcessLogic(definition, turn),
        ),
    })
}
