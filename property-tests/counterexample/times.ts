import type { TimeStyle } from '../../testing/marbles.ts'
import { printTime } from '../../testing/marble-time.ts'

const day = 86_400_000

/** How the times of a counterexample are written: short, and exact. */
export interface Times {
  readonly style: TimeStyle
  /** The midnight that times are counted from. */
  readonly origin: number
  print(time: number): string
}

/** Milliseconds near 1970, or durations since then; or times of the day that the first of them lies in. */
export function timesFor(times: readonly number[]): Times {
  const finite = times.filter((time) => Math.abs(time) !== Infinity)
  const least = Math.min(0, ...finite)
  const most = Math.max(0, ...finite)
  const isFar = finite.length > 0 && finite.every((time) => Math.abs(time) >= 2 * day)
  const origin = isFar ? Math.floor(Math.min(...finite) / day) * day : 0
  const near: TimeStyle = Math.max(most, -least) < 10_000 ? 'ms' : 'duration'
  const style = isFar ? 'time-of-day' : near
  return { style, origin, print: (time) => printTime(time - origin, style) }
}
