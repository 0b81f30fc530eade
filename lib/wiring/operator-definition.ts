import type { AnyEvent } from '../element.ts'
import type { Endless } from './growth.ts'
import type { Machine, OperatorContext } from './machine.ts'

/**
 * An operator, as a value.
 *
 * @typeParam I the events that come in
 * @typeParam O the events that go out
 */
export interface OperatorDefinition<I extends AnyEvent, O extends AnyEvent> {
  /** As in the public function: `window`. */
  readonly name: string
  /** Names the operator in metrics, errors and checkpoints; must be unique in a job. */
  readonly id?: string | undefined
  /**
   * Whether it takes back what it gave: `always`, `never`, or, unless given, what was taken back from it and nothing else.
   */
  readonly retracts?: 'always' | 'never'
  /** What it lets go of only at the end of the input, if there is anything: is said aloud when there is much of it. */
  readonly endless?: Endless | undefined
  create(context: OperatorContext<O>): Machine<I>
}
