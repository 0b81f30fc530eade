import { dateFault } from './civil.ts'
import type { LocalTimes } from './local-times.ts'

/**
 * The time that a date without a year means: of last, this and next year's the one nearest to `now`. So a message of December that comes
 * in January is of the year before. Undefined if none of the three has that date.
 */
export function yearless(
  times: LocalTimes,
  month: number,
  day: number,
  second: number,
  now: number,
): number | undefined {
  const year = new Date(now).getUTCFullYear()
  let nearest: number | undefined
  for (const candidate of [year, year - 1, year + 1]) {
    if (dateFault(candidate, month, day) !== undefined) continue
    const time = times(candidate, month, day, second)
    if (nearest === undefined || Math.abs(time - now) < Math.abs(nearest - now)) nearest = time
  }
  return nearest
}
