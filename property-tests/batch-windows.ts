import { type Duration, toMillis, toPositiveMillis } from '../lib/time.ts'
import type { Window } from '../lib/window.ts'
import type { Arrival } from './arrival.ts'
import { inFixedOrder, type WindowResult } from './final-result.ts'

/** Windows of one size on a grid, by their definition. */
export interface WindowGrid {
  readonly size: Duration
  /** From the start of one window to that of the next; the size unless given, which makes tumbling windows. */
  readonly hop?: Duration
  /** Moves the grid from the epoch. */
  readonly offset?: Duration
}

/** What is to be computed over each window. */
export interface BatchQuery<T, R, K> extends WindowGrid {
  readonly keyOf: (value: T) => K
  /** The result of the events of one key and window, which come in the order of arrival. */
  readonly resultOf: (events: readonly Arrival<T>[]) => R
}

/**
 * Computes windows over all of an input at once, without watermarks, state or order: what a pipeline must have come to in
 * the end when no event was too late.
 *
 * It shares no code with the windows of the library: it looks at the windows near each event, and asks of each whether it
 * contains it.
 *
 * @example
 * ```ts
 * import { batchWindows, laws } from 'tidemark/property-tests'
 *
 * const law = laws.equalsBatch<Hit>((events) =>
 *   batchWindows(events, { size: '1h', keyOf: (hit) => hit.page, resultOf: (hits) => hits.length }),
 * )
 * ```
 */
export function batchWindows<T, R, K>(
  arrivals: readonly Arrival<T>[],
  { keyOf, resultOf, ...grid }: BatchQuery<T, R, K>,
): readonly WindowResult<R, K>[] {
  const groups: { key: K; window: Window; events: Arrival<T>[] }[] = []
  for (const arrival of arrivals) {
    const key = keyOf(arrival.value)
    for (const window of windowsOn(grid, arrival.time)) {
      const group = groups.find((other) => Object.is(other.key, key) && isSame(other.window, window))
      if (group === undefined) groups.push({ key, window, events: [arrival] })
      else group.events.push(arrival)
    }
  }
  return inFixedOrder(groups.map(({ key, window, events }) => ({ key, window, value: resultOf(events) })))
}

/** The windows of a grid that contain a time, in the order of their starts. */
export function windowsOn({ size, hop = size, offset = 0 }: WindowGrid, time: number): Window[] {
  const length = toPositiveMillis(size, 'batchWindows: size')
  const distance = toPositiveMillis(hop, 'batchWindows: hop')
  const shift = toMillis(offset, 'batchWindows: offset')
  const windows: Window[] = []
  const last = Math.ceil((time - shift) / distance) + 1
  for (let n = Math.floor((time - shift - length) / distance) - 1; n <= last; n++) {
    const start = n * distance + shift
    const end = start + length
    if (start <= time && time < end) windows.push({ start, end })
  }
  return windows
}

/** Tells whether two windows are the same one. */
export function isSame(a: Window, b: Window): boolean {
  return a.start === b.start && a.end === b.end
}
