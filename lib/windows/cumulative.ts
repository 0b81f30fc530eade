import { show, TidemarkError } from '../errors.ts'
import { type Duration, formatDuration, toMillis } from '../time.ts'
import type { TimeWindows } from '../window.ts'
import { type GridOptions, span } from './grid.ts'
import { timeWindows } from './time-windows.ts'

/**
 * Makes windows that start together at every multiple of `size` and grow by `step` up to it: with `cumulative('1d', '1h')`
 * the day's total so far, every hour. A time belongs to those of its day that have not ended before it.
 *
 * @param size length of the longest one, a multiple of `step`
 * @param step by how much each is longer than the one before it
 * @throws TidemarkError `invalid-duration` or `invalid-argument` for durations that are none, not greater than 0, or don't fit
 * @see Flink's CUMULATE table function
 * @example
 * hits.pipe(window(cumulative('1d', '1h'), count()))
 */
export function cumulative(size: Duration, step: Duration, options: GridOptions = {}): TimeWindows {
  const length = span('cumulative: size', size)
  const growth = span('cumulative: step', step)
  const offset = toMillis(options.offset ?? 0, 'cumulative: offset')
  if (length % growth !== 0) {
    throw new TidemarkError(
      'invalid-argument',
      `cumulative: size must be a multiple of step, got ${show(size)} and ${show(step)}`,
    )
  }
  if (Math.abs(offset) >= length) {
    throw new TidemarkError('invalid-argument', `cumulative: |offset| must be < size, got ${show(options.offset)}`)
  }
  const steps = length / growth
  const moved = offset === 0 ? '' : `, offset ${formatDuration(offset)}`
  return timeWindows(`cumulative(${formatDuration(length)}, ${formatDuration(growth)}${moved})`, {
    window(number) {
      const group = Math.floor(number / steps)
      const start = group * length + offset
      return { start, end: start + (number - group * steps + 1) * growth }
    },
    slice(time) {
      const group = Math.floor((time - offset) / length)
      const groupStart = group * length + offset
      const inGroup = Math.floor((time - groupStart) / growth)
      const start = groupStart + inGroup * growth
      return { start, end: start + growth, first: group * steps + inGroup, last: (group + 1) * steps - 1 }
    },
  })
}
