import type { Temporal } from 'temporal-polyfill'
import type { Slice, WindowSeries } from '../window.ts'
import type { CalendarTemporal } from './calendar-temporal.ts'

/** Local periods, each of the same number of days or of months, numbered from one that starts at `origin`. */
export interface CalendarPeriods {
  readonly of: 'days' | 'months'
  readonly length: number
  /** In days since 1970-01-01, or in months since January of the year 0. */
  readonly origin: number
}

/** The times that have a local time are those of a `Date`: from `earliest` to `latest`. */
const earliest = -8.64e15
const latest = 8.64e15

/** How long a day and a month are on average, in ms. */
const average = { days: 86_400_000, months: 2_629_746_000 }
/** How many days and months there are before 1970 from where they are counted. */
const before1970 = { days: 0, months: 1970 * 12 }

/** How many starts of periods are remembered; to find one takes microseconds. */
const remembered = 10_000

/** Numbers local periods as windows, each from its first instant to the first instant of the next. */
export function calendarSeries(
  { Instant, PlainDate }: CalendarTemporal,
  timeZone: string,
  { of, length, origin }: CalendarPeriods,
): WindowSeries {
  const epoch = new PlainDate(1970, 1, 1)
  const first = numberAt(earliest)
  const last = numberAt(latest)
  const beyond: readonly Slice[] = [
    { start: -Infinity, end: earliest, first, last: first - 1 },
    { start: latest + 1, end: Infinity, first: last + 1, last },
  ]

  const starts = new Map<number, number>()
  let slice: Slice | undefined

  return {
    window: (number) => ({ start: startOf(number), end: startOf(number + 1) }),
    slice(time) {
      if (slice === undefined || time < slice.start || time >= slice.end) {
        slice = beyond.find(({ start, end }) => time >= start && time < end) ?? sliceAt(time)
      }
      return slice
    },
  }

  function sliceAt(time: number): Slice {
    // A local date is at most a day from that in UTC, and no month starts further than three days from where it would on
    // average: this is the number of the period, or up to two less.
    let number = Math.floor((time / average[of] + before1970[of] - origin) / length) - 1
    while (startOf(number + 1) <= time) number += 1
    return { start: startOf(number), end: startOf(number + 1), first: number, last: number }
  }

  function startOf(number: number): number {
    if (number <= first) return earliest
    if (number > last) return latest + 1
    let start = starts.get(number)
    if (start === undefined) {
      start = dateOf(number).toZonedDateTime(timeZone).epochMilliseconds
      if (starts.size >= remembered) starts.clear()
      starts.set(number, start)
    }
    return start
  }

  /** The date a period starts with. */
  function dateOf(number: number): Temporal.PlainDate {
    const count = number * length + origin
    if (of === 'days') return epoch.add({ days: count })
    const year = Math.floor(count / 12)
    return new PlainDate(year, count - year * 12 + 1, 1)
  }

  /** The period that the local date of an instant is in. */
  function numberAt(time: number): number {
    const date = Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(timeZone).toPlainDate()
    const count = of === 'days' ? epoch.until(date).days : date.year * 12 + date.month - 1
    return Math.floor((count - origin) / length)
  }
}
