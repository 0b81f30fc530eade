import type { Observable } from 'rxjs'
import type { PaneInfo } from './window.ts'

/** +1 inserts a value, -1 takes an equal earlier insertion back (a retraction). */
export type Diff = 1 | -1

/**
 * A value with a time of its own. Every event has these six fields in this order, made by `event()` alone, so that the
 * engine sees one object shape throughout a pipeline.
 *
 * @typeParam T the value
 * @typeParam K the key given by `keyBy`, `undefined` before
 * @typeParam P `PaneInfo` behind a window, `undefined` before
 */
export interface Event<T, K = undefined, P = PaneInfo | undefined> {
  readonly kind: 'event'
  readonly value: T
  /** Event time, integer milliseconds since the epoch; may be negative. */
  readonly time: number
  readonly key: K
  readonly diff: Diff
  /** The window the value came out of, and which of its panes it is. */
  readonly pane: P
}

/** Declares that no further event with a time `< time` is expected. `+Infinity` is the end of the input. */
export interface Watermark {
  readonly kind: 'watermark'
  readonly time: number
}

/** The stream has gone quiet and must not hold others back; its next event makes it active again. */
export interface Idle {
  readonly kind: 'idle'
}

/** What flows through a stream. */
export type Element<T, K = undefined, P = PaneInfo | undefined> = Event<T, K, P> | Watermark | Idle

/** An observable with event time: values, the watermarks that say how complete they are, and idleness. */
export type Stream<T, K = undefined, P = PaneInfo | undefined> = Observable<Element<T, K, P>>

/** Makes an event. */
export function event<T, K = undefined, P = undefined>(
  value: T,
  time: number,
  key: K = undefined as K,
  diff: Diff = 1,
  pane: P = undefined as P,
): Event<T, K, P> {
  return { kind: 'event', value, time, key, diff, pane }
}

/** Makes a watermark. */
export function watermark(time: number): Watermark {
  return { kind: 'watermark', time }
}

/** The one idle element. */
export const idle: Idle = { kind: 'idle' }
