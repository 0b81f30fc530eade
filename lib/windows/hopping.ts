import type { Duration } from '../time.ts'
import type { TimeWindows } from '../window.ts'
import { grid, type GridOptions } from './grid.ts'

/**
 * Makes windows of one size that start every `hop`: at its multiples since the epoch, also before it, moved by `offset`. A
 * time belongs to every window that contains it: to about size / hop of them, and each costs its share of work and state.
 * With a hop longer than the size there are gaps, and a time in a gap belongs to none.
 *
 * ```
 * hopping('10s', '5s')
 * time   -5s   0s    5s    10s   15s
 *        [-----------)
 *              [-----------)
 *                    [-----------)
 * ```
 *
 * @param size at most 1e14 ms
 * @param hop at most 1e14 ms
 * @throws TidemarkError `invalid-duration` for what is no duration; `invalid-argument` unless size > 0, hop > 0 and
 * |offset| < hop
 * @example
 * window(hopping('1h', '5m'), count())
 */
export function hopping(size: Duration, hop: Duration, options: GridOptions = {}): TimeWindows {
  return grid('hopping', size, 'hop', hop, options)
}
