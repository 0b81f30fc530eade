import type { DirtyCells } from '../checkpoint/dirty-cells.ts'
import type { Counters } from '../counters.ts'
import type { SavedState } from '../checkpoint/saved-state.ts'
import type { AnyEvent } from '../element.ts'
import type { SideOutput, SideWriter } from './side-output.ts'

/**
 * An operator's logic: a synchronous state machine without clock, I/O or promises. What it throws becomes a `callback` error
 * that names the operator, the key and the event time.
 *
 * @typeParam I the events that come in
 */
export interface Machine<I extends AnyEvent> {
  /** Takes an event of the given input (0 for an operator with one). */
  onEvent(event: I, input: number): void
  /**
   * The combined watermark has risen to `time`. The watermark goes on when this returns. An operator that emits many
   * elements here asks `hasRoom()` after each; on false it returns false, and is called again with the same time when the
   * sinks have caught up. `+Infinity` is the end of the input.
   */
  onWatermark?(time: number): boolean
  /** Its state as checkpoints see it; a machine that has `held` and not this can't be part of a job with checkpoints. */
  readonly saved?: SavedState | undefined
  /** Events in the state, each counted once. */
  held?(): number
  /** Entries of the state. */
  entries?(): number
  /** How it does its work, where there are several ways: `slices of hopping(1h, 1s)`. */
  about?(): string | undefined
  /** Events that are part of what went out; unless given, each element that went out stands for one. */
  contributed?(): number
}

/**
 * What an operator's machine may use.
 *
 * @typeParam O the events that go out
 */
export interface OperatorContext<O extends AnyEvent> {
  /** The operator's id in its job, for errors. */
  readonly id: string
  readonly counters: Counters
  /** The combined watermark of the inputs, epoch ms. */
  readonly watermark: number
  /** Where checkpoints are taken, so that a machine has to note what changes. */
  readonly dirty: DirtyCells | undefined
  /** No input takes anything back. */
  readonly isInsertOnly: boolean
  /** Sends an event on. */
  emit(event: O): void
  /** Asked after each of many elements emitted at once: may it go on in this turn? */
  hasRoom(): boolean
  /** Processing time, epoch ms: the clock's when the present turn began, so that a turn asks it but once. */
  readonly now: number
  /**
   * Sets a processing-time timer, fired between turns. Returns a function that calls it off. What emits many elements asks
   * `hasRoom()` after each; on false it returns false, and is called again when the sinks have caught up.
   */
  setTimer(time: number, fire: (time: number) => boolean): () => void
  /** Ends the job with an error, outside of the machine's methods, which throw. */
  fail(error: unknown): void
  /** Opens an output beside the main stream; it ends with the operator. */
  open<S>(output: SideOutput<S> | undefined): SideWriter<S> | undefined
}
