import { show, TidemarkError } from '../errors.ts'
import { type Duration, formatDuration, toPositiveMillis } from '../time.ts'
import type { Window, WindowAssigner } from '../window.ts'

/**
 * Makes windows of activity: an event opens `[time, time + gap)`, and windows of a key that overlap merge into their span.
 * So a session ends when a key has been silent for the gap.
 *
 * Events that are exactly the gap apart are in two sessions, as in Beam, because half-open windows that touch share no
 * instant; Flink and Kafka Streams make one of them. A late event is judged after it has merged into a session that is still
 * kept. When an event is taken back that has made a session longer, or one of two, the session stays as long as it is.
 *
 * @param gap the longest silence within a session, or a function that gives it for each value
 * @throws TidemarkError `invalid-duration` or `invalid-argument` for a gap that is no duration > 0; a gap of an event that is
 *   none ends the job
 * @see Akidau et al., The Dataflow Model, VLDB 2015, on sessions
 * @example
 * hits.pipe(keyBy((hit) => hit.host), window(session('30m'), count()))
 */
export function session(gap: Duration): WindowAssigner
export function session<T>(gap: (value: T) => Duration): WindowAssigner<T>
export function session<T>(gap: Duration | ((value: T) => Duration)): WindowAssigner<T> {
  if (typeof gap === 'function') {
    const lengthOf = (value: T): number => toPositiveMillis(gap(value), 'session: gap')
    return { name: 'session(gap of the event)', assign: (time, value) => opened(time, lengthOf(value)), merges }
  }
  if (typeof gap !== 'number' && typeof gap !== 'string') {
    throw new TidemarkError('invalid-argument', `session: gap must be a duration or a function, got ${show(gap)}`)
  }
  const length = toPositiveMillis(gap, 'session: gap')
  return { name: `session(${formatDuration(length)})`, assign: (time) => opened(time, length), merges }
}

function opened(time: number, length: number): readonly Window[] {
  return [{ start: time, end: time + length }]
}

function merges(a: Window, b: Window): boolean {
  return b.start < a.end
}
