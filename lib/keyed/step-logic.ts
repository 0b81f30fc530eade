import { event, type Event } from '../element.ts'
import { ValueShape } from '../checkpoint/value-shape.ts'
import type { VersionedState } from '../checkpoint/versioned-state.ts'
import type { KeyedLogic } from './keyed-logic.ts'
import { KeyedState } from './keyed-state.ts'
import type { KeyedTurn } from './keyed-turn.ts'

/** From a state and a value to the next state and what leaves. */
export type Step<T, K, P, S, R> = (state: S, value: T, event: Event<T, K, P>) => readonly [S, R]

/** The state of a key, replaced at each step. */
export class StepState<K, S> extends KeyedState<K> {
  current: S

  constructor(key: K, time: number, initial: S) {
    super(key, time)
    this.current = initial
  }
}

/** Takes one step for each event. */
export class StepLogic<T, K, P, S, R> implements KeyedLogic<Event<T, K, P>, K, StepState<K, S>> {
  readonly shape: ValueShape<S>
  private readonly initial: S
  private readonly step: Step<T, K, P, S, R>
  private readonly turn: KeyedTurn<Event<R, K, P>, StepState<K, S>>

  constructor(
    initial: S,
    step: Step<T, K, P, S, R>,
    versioned: VersionedState<S>,
    turn: KeyedTurn<Event<R, K, P>, StepState<K, S>>,
  ) {
    this.shape = new ValueShape('mapWithState', versioned)
    this.initial = initial
    this.step = step
    this.turn = turn
  }

  create(key: K, time: number): StepState<K, S> {
    return new StepState(key, time, this.initial)
  }

  onEvent(cause: Event<T, K, P>, state: StepState<K, S>): void {
    const { value, time, key, diff, pane } = cause
    const [next, result] = this.step(state.current, value, cause)
    state.current = next
    this.turn.send(event(result, time, key, diff, pane))
  }

  isEmpty({ current }: StepState<K, S>): boolean {
    return Object.is(current, this.initial)
  }

  save({ current }: StepState<K, S>): unknown {
    return current
  }

  load(state: StepState<K, S>, saved: unknown): void {
    state.current = this.shape.restore(saved)
  }
}
