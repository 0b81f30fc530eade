import { show, TidemarkError } from '../errors.ts'
import { type Duration, formatDuration, toMillis, toPositiveMillis } from '../time.ts'
import type { Window, WindowAssigner } from '../window.ts'

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
): WindowAssigner {
  const length = span(`${who}: size`, size)
  const distance = span(`${who}: ${step}`, hop)
  const offset = toMillis(options.offset ?? 0, `${who}: offset`)
  if (Math.abs(offset) >= distance) {
    throw new TidemarkError('invalid-argument', `${who}: |offset| must be < ${step}, got ${show(options.offset)}`)
  }

  // Windows that contain a time change where one starts, and where one ends: in each hop, that is `rest` after its start.
  const rest = length % distance
  const whole = (length - rest) / distance

  // The last answer, and the times [from, until) it holds for.
  let windows: readonly Window[] = []
  let from = Infinity
  let until = -Infinity

  return {
    name: `${who}(${parametersOf(length, step === 'hop' ? distance : undefined, offset)})`,
    assign(time) {
      if (time >= from && time < until) return windows
      // The quotient of two integers below 2^53 never rounds up to the next integer: the floor is exact.
      const start = Math.floor((time - offset) / distance) * distance + offset
      const change = start + rest
      if (time < change) {
        from = start
        until = change
        windows = windowsUpTo(start, whole + 1, length, distance)
      } else {
        from = change
        until = start + distance
        windows = windowsUpTo(start, whole, length, distance)
      }
      return windows
    },
  }
}

function span(who: string, duration: Duration): number {
  const millis = toPositiveMillis(duration, who)
  if (millis > longest) {
    throw new TidemarkError('invalid-argument', `${who} must be <= ${longest} ms, got ${show(duration)}`)
  }
  return millis
}

/** The `count` windows of which the last one starts at `start`, from the earliest. */
function windowsUpTo(start: number, count: number, length: number, distance: number): readonly Window[] {
  const windows: Window[] = []
  for (let before = count - 1; before >= 0; before--) {
    const first = start - before * distance
    windows.push({ start: first, end: first + length })
  }
  return windows
}

function parametersOf(length: number, distance: number | undefined, offset: number): string {
  const parts = [formatDuration(length)]
  if (distance !== undefined) parts.push(formatDuration(distance))
  if (offset !== 0) parts.push(`offset ${formatDuration(offset)}`)
  return parts.join(', ')
}
