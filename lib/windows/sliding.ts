import { type Duration, formatDuration } from '../time.ts'
import type { SlidingWindows } from '../window.ts'
import { span } from './grid.ts'

/**
 * Makes windows of all events that are within `reach` of each other, wherever they lie: those that end with an event,
 * `[time - reach, time + 1)`, and those that start right after one, `[time + 1, time + reach + 2)`. Each of them that holds an
 * event of the key is a window, once, with every event of the key in it.
 *
 * An event is added to each window around it, which are about twice as many as the key has instants within the reach: for keys
 * with few events, as `hopping` is for many.
 *
 * Holds what the events of each instant come to, until the last window that they may be part of has expired.
 *
 * @param reach the greatest distance between two events of a window
 * @throws TidemarkError `invalid-duration` or `invalid-argument` for a reach that is no duration > 0
 * @see Kafka Streams' sliding windows, KIP-450
 * @example
 * logins.pipe(keyBy((login) => login.user), window(sliding('10m'), count()))
 */
export function sliding(reach: Duration): SlidingWindows {
  const millis = span('sliding: reach', reach)
  return { kind: 'sliding', name: `sliding(${formatDuration(millis)})`, reach: millis }
}
