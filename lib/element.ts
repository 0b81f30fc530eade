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
 * @typeParam D `Diff` where something may be taken back, 1 where nothing is
 */
export interface Event<T, K = undefined, P = PaneInfo | undefined, D extends Diff = 1> {
  readonly kind: 'event'
  readonly value: T
  /** Event time, integer milliseconds since the epoch; may be negative. */
  readonly time: number
  readonly key: K
  readonly diff: D
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
export type Element<T, K = undefined, P = PaneInfo | undefined, D extends Diff = 1> =
  Event<T, K, P, D> | Watermark | Idle

/** An observable with event time: values, the watermarks that say how complete they are, and idleness. */
export type Stream<T, K = undefined, P = PaneInfo | undefined, D extends Diff = 1> = Observable<Element<T, K, P, D>>

/** Any event. */
export type AnyEvent = Event<unknown, unknown, unknown, Diff>

/** An observable of events of type `E` with their watermarks and idleness. */
export type EventStream<E extends AnyEvent> = Observable<E | Watermark | Idle>

/** Makes an event. The type of one that takes something back is that of all events of its stream: it has `Diff`, not -1. */
export function event<T, K, P = undefined>(value: T, time: number, key: K, diff: -1, pane?: P): Event<T, K, P, Diff>
export function event<T, K = undefined, P = undefined, D extends Diff = 1>(
  value: T,
  time: number,
  key?: K,
  diff?: D,
  pane?: P,
): Event<T, K, P, D>
export function event(
  value: unknown,
  time: number,
  key?: unknown,
  diff: Diff = 1,
  pane?: unknown,
): Event<unknown, unknown, unknown, Diff> {
  return { kind: 'event', value, time, key, diff, pane }
}

/** Makes a watermark. */
export function watermark(time: number): Watermark {
  return { kind: 'watermark', time }
}

/** The one idle element. */
export const idle: Idle = { kind: 'idle' }
