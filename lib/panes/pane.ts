import { type Diff, event, type Event } from '../element.ts'
import type { PaneInfo, Window } from '../window.ts'

/** What leaves a window. */
export type Result<R, K> = Event<R, K, PaneInfo, Diff>

/** What takes a result back. */
export function takenBack<R, K>({ value, time, key, pane }: Result<R, K>): Result<R, K> {
  return event<R, K, PaneInfo, Diff>(value, time, key, -1, pane)
}

/** What is kept of a key in one window. */
export class Pane<K, A, R> {
  readonly key: K
  window: Window
  accumulator: A
  /** Event time of its results. */
  time: number
  /** Events since the last result left. */
  fresh = 0
  /** Results that have left. */
  fired = 0
  /** Those of them that were not early. */
  nonSpeculative = 0
  /** No more will leave: the trigger is finished, or the window gone. */
  isOver = false
  /** What the trigger remembers. */
  state: unknown
  /** Results that the next one takes back. */
  given: readonly Result<R, K>[] | undefined = undefined
  /** The processing time at which the trigger will be asked. */
  deadline: number = Infinity
  /** The watermark at which it will be. */
  watermarkDeadline: number = Infinity

  constructor(window: Window, key: K, accumulator: A, state: unknown) {
    this.window = window
    this.key = key
    this.accumulator = accumulator
    this.state = state
    this.time = timeOf(window)
  }

  /** It has become another window: what has left before was not of this one. */
  become(window: Window): void {
    this.window = window
    this.time = timeOf(window)
    this.fired = 0
    this.nonSpeculative = 0
    this.watermarkDeadline = Infinity
  }
}

/**
 * So that a second window of the same size puts a result where it came from. A window without an end has the time of the latest
 * event in it.
 */
function timeOf({ end }: Window): number {
  return end === Infinity ? -Infinity : end - 1
}
