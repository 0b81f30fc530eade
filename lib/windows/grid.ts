import { show, TidemarkError } from '../errors.ts'
import { type Duration, formatDuration, toMillis, toPositiveMillis } from '../time.ts'
import type { TimeWindows } from '../window.ts'
import { timeWindows } from './time-windows.ts'

/** Options of windows on a grid. */
export interface GridOptions {
  /**
   * Moves the grid from the epoch, forward or back, by less than one step of it. `'-8h'` lets days begin at midnight in a
   * zone that is eight hours ahead.
   */
  readonly offset?: Duration
}

/**
 * Longest size and hop, 3,170 years in ms. It keeps every sum of times below 2^53, so that windows are exact for all times
 * of a `Date`, ±8.64e15.
 */
const longest = 1e14

/**
 * Makes windows of one size that start at every multiple of `hop`, moved by the offset.
 *
 * @param who names the public function in errors
 * @param step what `hop` is called there
 */
export function grid(
  who: string,
  size: Duration,
  step: 'size' | 'hop',
  hop: Duration,
  options: GridOptions,
): TimeWindows {
  const length = span(`${who}: size`, size)
  const distance = span(`${who}: ${step}`, hop)
  const offset = toMillis(options.offset ?? 0, `${who}: offset`)
  if (Math.abs(offset) >= distance) {
    throw new TidemarkError('invalid-argument', `${who}: |offset| must be < ${step}, got ${show(options.offset)}`)
  }

  // The windows of a time change where one starts, and where one ends: in each hop, that is `rest` after its start.
  const rest = length % distance
  const whole = (length - rest) / distance
  return timeWindows(`${who}(${parametersOf(length, step === 'hop' ? distance : undefined, offset)})`, {
    window(number) {
      const start = number * distance + offset
      return { start, end: start + length }
    },
    slice(time) {
      // The quotient of two integers below 2^53 never rounds up to the next integer: the floor is exact.
      const last = Math.floor((time - offset) / distance)
      const start = last * distance + offset
      const change = start + rest
      return time < change
        ? { start, end: change, first: last - whole, last }
        : { start: change, end: start + distance, first: last - whole + 1, last }
    },
  })
}

/** A duration that may be the size of a window. */
export function span(who: string, duration: Duration): number {
  const millis = toPositiveMillis(duration, who)
  if (millis > longest) {
    throw new TidemarkError('invalid-argument', `${who} must be <= ${longest} ms, got ${show(duration)}`)
  }
  return millis
}

function parametersOf(length: number, distance: number | undefined, offset: number): string {
  const parts = [formatDuration(length)]
  if (distance !== undefined) parts.push(formatDuration(distance))
  if (offset !== 0) parts.push(`offset ${formatDuration(offset)}`)
  return parts.join(', ')
}
