import { messageOf, show, TidemarkError } from '../../lib/errors.ts'
import { calendarTemporal } from '../../lib/windows/calendar-temporal.ts'
import { epochDay } from './civil.ts'

/** The epoch ms of a date and time of day that exist, of a zone. A leap second, `:60`, is the second after it. */
export type LocalTimes = (year: number, month: number, day: number, second: number) => number

/** Offsets change at whole quarters of an hour. */
const quarter = 900

/**
 * Makes times of a zone. One that clocks skip is as much later, and of one that they show twice the first counts. Holds the offset of
 * the quarter of an hour it saw last.
 *
 * @param zone `UTC`, a name such as `Europe/Berlin`, or an offset such as `+02:00`
 * @throws TidemarkError `invalid-argument` for a zone that is not known
 */
export function localTimes(zone: string, who: string): LocalTimes {
  const utc: LocalTimes = (year, month, day, second) => (epochDay(year, month, day) * 86_400 + second) * 1_000
  if (zone === 'UTC') return utc
  const { ZonedDateTime } = calendarTemporal()
  const zoned = (year: number, month: number, day: number, second: number): number =>
    ZonedDateTime.from({
      year,
      month,
      day,
      hour: Math.floor(second / 3_600),
      minute: Math.floor((second % 3_600) / 60),
      second: second % 60,
      timeZone: zone,
    }).epochMilliseconds
  try {
    zoned(2000, 1, 1, 0)
  } catch (error) {
    throw new TidemarkError('invalid-argument', `${who}: expected a time zone, got ${show(zone)}`, {
      cause: messageOf(error),
    })
  }
  let last = Number.NaN
  let offset = 0
  return (year, month, day, second) => {
    // A leap second may be behind the last of the day.
    const begin = Math.min(second, 86_399)
    const start = utc(year, month, day, begin - (begin % quarter))
    if (start !== last) {
      offset = zoned(year, month, day, begin - (begin % quarter)) - start
      last = start
    }
    return start + offset + (second - begin + (begin % quarter)) * 1_000
  }
}
