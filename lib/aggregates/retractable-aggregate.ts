import type { Aggregate } from '../aggregate.ts'

/** An aggregate that can take values back, and so can stand behind whatever revises its results. */
export interface RetractableAggregate<T, A, R> extends Aggregate<T, A, R> {
  /**
   * Takes an earlier `add` of an equal value and time back.
   *
   * @throws TidemarkError `unsupported` if there was none, as far as the accumulator can tell
   */
  retract(accumulator: A, value: T, time: number): A
}
