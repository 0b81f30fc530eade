/**
 * How values become a result, in the field's four steps. An accumulator may be changed in place by `add`, `merge` and
 * `retract`, which return it (or a new one); `result` must leave it as it is, because a window may fire many times.
 *
 * The result must not depend on the order of `add` and `merge` calls, or it depends on the order of arrival. Built-in ones
 * that care about order (`first`, `last`, `collect`) therefore use event time.
 *
 * @typeParam T the values that come in
 * @typeParam A the accumulator
 * @typeParam R the result
 */
export interface Aggregate<T, A, R> {
  /** For error messages and explanations: `sum`, `countDistinct`. */
  readonly name: string
  /** Accumulators grow with the values: such as those that hold each one, or each different one. */
  readonly keepsValues?: boolean
  /** @param insertOnly nothing will be taken back from this accumulator, which may then hold less */
  create(insertOnly?: boolean): A
  /** @param time event time of the value, epoch ms */
  add(accumulator: A, value: T, time: number): A
  /**
   * Adds what is in `from` to `into` and returns that, or a new one. `from` stays as it is and is used on, also as a part of
   * others: nothing of it may be shared that a later step would change. Absent where it can't be done: then sessions and
   * other windows that merge are refused, and overlapping ones each take every event for themselves.
   */
  merge?(into: A, from: A): A
  result(accumulator: A): R
  /** Takes an earlier `add` of an equal value and time back. Absent where that can't be done without keeping every value. */
  retract?(accumulator: A, value: T, time: number): A
  /** Of the shape of accumulators; 1 unless given. Raise it when that changes, for the jobs that go on from a checkpoint. */
  readonly version?: number
  /** Makes an accumulator of an earlier version what it is now. Without it such a checkpoint is refused. */
  readonly migrate?: (accumulator: unknown, version: number) => A
  /** What it consists of, if its accumulators are arrays of theirs. */
  readonly parts?: Readonly<Record<string, Aggregate<never, unknown, unknown>>>
}
