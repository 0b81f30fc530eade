import type { Duration } from '../time.ts'
import type { TimeWindows } from '../window.ts'
import { grid, type GridOptions } from './grid.ts'

/**
 * Makes windows of one size, one right after the other: every time belongs to exactly one. They start at the multiples of
 * `size` since the epoch, also before it, moved by `offset`.
 *
 * ```
 * tumbling('10s')
 * time   -10s        0s          10s         20s
 *        [-----------[-----------[-----------)
 * ```
 *
 * @param size at most 1e14 ms
 * @throws TidemarkError `invalid-duration` for what is no duration; `invalid-argument` unless size > 0 and |offset| < size
 * @example
 * window(tumbling('1h'), count())
 * window(tumbling('1d', { offset: '-8h' }), count()) // days in UTC+8
 */
export function tumbling(size: Duration, options: GridOptions = {}): TimeWindows {
  return grid('tumbling', size, 'size', size, options)
}
