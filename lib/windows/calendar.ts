import { show, TidemarkError } from '../errors.ts'
import type { TimeWindows } from '../window.ts'
import { type CalendarPeriods, calendarSeries } from './calendar-series.ts'
import { type CalendarTemporal, calendarTemporal } from './calendar-temporal.ts'
import { timeWindows } from './time-windows.ts'

/** A period of the calendar. */
export type CalendarUnit = 'day' | 'week' | 'month' | 'quarter' | 'year'

/** A day of the week. */
export type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday'

/** Options of `calendar`. */
export interface CalendarOptions {
  /** How many of the unit make a window; 1 unless given. */
  readonly every?: number
  /** The day a week begins with; Monday, as in ISO 8601, unless given. Of no effect on other units. */
  readonly weekStart?: Weekday
}

/** The last day a week that contains 1970-01-01, a Thursday, can begin with, in days from then. */
const weekStarts: Readonly<Record<Weekday, number>> = {
  monday: -3,
  tuesday: -2,
  wednesday: -1,
  thursday: 0,
  friday: -6,
  saturday: -5,
  sunday: -4,
}

const units: Readonly<Record<CalendarUnit, Omit<CalendarPeriods, 'origin'>>> = {
  day: { of: 'days', length: 1 },
  week: { of: 'days', length: 7 },
  month: { of: 'months', length: 1 },
  quarter: { of: 'months', length: 3 },
  year: { of: 'months', length: 12 },
}

/**
 * Makes windows of local days, weeks, months, quarters or years: each from the first instant of its first day in the time
 * zone to the first instant of the next one's, so that every time belongs to exactly one. They are as long as they are
 * there:
 *
 * | `calendar('day', zone)`, a day of        | zone                  | from, in UTC     | lasts   |
 * | ---------------------------------------- | --------------------- | ---------------- | ------- |
 * | 2024-03-31, clocks go forward            | `Europe/Berlin`       | 2024-03-30 23:00 | 23 h    |
 * | 2024-10-27, clocks go back               | `Europe/Berlin`       | 2024-10-26 22:00 | 25 h    |
 * | 2024-04-07, clocks go back by 30 minutes | `Australia/Lord_Howe` | 2024-04-06 13:00 | 24.5 h  |
 * | 2018-11-04, which begins at 01:00        | `America/Sao_Paulo`   | 2018-11-04 03:00 | 23 h    |
 * | 2011-12-30, which was skipped            | `Pacific/Apia`        |                  | 0       |
 *
 * Where clocks go back over midnight, a day starts when it does so for the first time; what follows is in it.
 *
 * Multiples are counted from a fixed origin, also back from it, so that they are the same in every run: days from
 * 1970-01-01, weeks from the one with 1970-01-01 in it, months, quarters and years from January of the year 0. So
 * `calendar('month', zone, { every: 3 })` are quarters, and `calendar('year', zone, { every: 10 })` are decades, 1970 to 1979
 * one of them. A window's number in the series is counted from there too. A day that was skipped keeps its number: its
 * window is empty, and no time belongs to it.
 *
 * The calendar ends where a `Date` does, at ±8.64e15 ms: windows are cut off there, and times beyond belong to none.
 *
 * What is known of a zone is what the runtime knows of it. Remembers where up to 10,000 windows start.
 *
 * @param timeZone a name of the IANA database such as `'Europe/Berlin'`, `'UTC'`, or an offset such as `'+05:30'`
 * @throws TidemarkError `invalid-argument` for a unit, time zone or day of the week that is none, and unless `every` is a
 * whole number > 0
 * @see https://tc39.es/proposal-temporal/
 * @example
 * window(calendar('day', 'America/New_York'), count())
 * window(calendar('week', 'Asia/Kolkata', { every: 2, weekStart: 'sunday' }), count())
 */
export function calendar(unit: CalendarUnit, timeZone: string, options: CalendarOptions = {}): TimeWindows {
  const { every = 1, weekStart = 'monday' } = options
  oneOf('unit', unit, units)
  oneOf('weekStart', weekStart, weekStarts)
  if (!Number.isSafeInteger(every) || every <= 0) {
    throw new TidemarkError('invalid-argument', `calendar: every must be a whole number > 0, got ${show(every)}`)
  }
  const temporal = calendarTemporal()
  const zone = identified(temporal, timeZone)

  const { of, length } = units[unit]
  const origin = unit === 'week' ? weekStarts[weekStart] : 0
  let name = `${unit}, ${zone}`
  if (every > 1) name += `, every ${every}`
  if (unit === 'week' && weekStart !== 'monday') name += `, weekStart ${weekStart}`
  return timeWindows(`calendar(${name})`, calendarSeries(temporal, zone, { of, length: length * every, origin }))
}

function oneOf(option: string, value: unknown, known: Readonly<Record<string, unknown>>): void {
  if (typeof value === 'string' && Object.hasOwn(known, value)) return
  const names = Object.keys(known).map((name) => `'${name}'`)
  const last = names.pop() ?? ''
  throw new TidemarkError(
    'invalid-argument',
    `calendar: ${option}: expected ${names.join(', ')} or ${last}, got ${show(value)}`,
  )
}

/** The time zone's name as the database writes it. */
function identified({ ZonedDateTime }: CalendarTemporal, timeZone: string): string {
  try {
    return new ZonedDateTime(0n, timeZone).timeZoneId
  } catch (cause) {
    throw new TidemarkError(
      'invalid-argument',
      `calendar: timeZone: expected a name such as 'Europe/Berlin' or 'UTC', got ${show(timeZone)}`,
      { cause },
    )
  }
}
