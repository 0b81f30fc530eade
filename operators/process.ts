import type { OperatorFunction } from 'rxjs'
import type { Element, Event, EventStream } from '../lib/element.ts'
import { KeyedMachine } from '../lib/keyed/keyed-machine.ts'
import { endlessKeys, type KeyedOptions, keyedSettings } from '../lib/keyed/keyed-options.ts'
import type { ProcessDefinition } from '../lib/keyed/process-definition.ts'
import { ProcessLogic, type ProcessState } from '../lib/keyed/process-logic.ts'
import type { StateSpecs } from '../lib/keyed/state-spec.ts'
import { defineOperator } from '../lib/wiring/operator.ts'

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
