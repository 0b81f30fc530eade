import { calendarTemporal, type CalendarTemporal } from '../lib/windows/calendar-temporal.ts'
import { badValue } from './command-line.ts'

/** A time zone. What its clocks show is told as the ms since 1970 at which those of UTC show the same. */
export interface Zone {
  readonly isUtc: boolean
  /** What the clocks show at a time, epoch ms. */
  readonly shown: (time: number) => number
  /** The time, epoch ms, at which the clocks show something: the first of two, and if they skip it, as much later. */
  readonly time: (shown: number) => number
}

const utc: Zone = { isUtc: true, shown: (time) => time, time: (shown) => shown }

/** Offsets change at whole quarters of an hour. */
const quarter = 900_000

/** Furthest time from 1970, in ms, that has a date in every zone. */
const furthest = 8.64e15 - 86_400_000

/**
 * Finds a time zone by its name, or an offset such as `+05:30`. Holds the offset of the quarter of an hour it saw last, in each direction.
 *
 * @throws UsageError for a zone that is not known
 */
export function toZone(name: string): Zone {
  if (name === 'UTC') return utc
  const temporal = calendarTemporal()
  try {
    offsetAt(temporal, name, 0)
  } catch (error) {
    throw badValue('tz', name, '', error)
  }
  const forward = remembered((time) => offsetAt(temporal, name, time))
  const back = remembered((shown) => {
    const dateTime = new Date(shown).toISOString().slice(0, -1)
    return shown - temporal.ZonedDateTime.from(`${dateTime}[${name}]`).epochMilliseconds
  })
  return { isUtc: false, shown: (time) => time + forward(time), time: (shown) => shown - back(shown) }
}

function offsetAt({ ZonedDateTime }: CalendarTemporal, zone: string, time: number): number {
  return Math.round(new ZonedDateTime(BigInt(time) * 1_000_000n, zone).offsetNanoseconds / 1_000_000)
}

function remembered(offsetOf: (time: number) => number): (time: number) => number {
  let last = Number.NaN
  let offset = 0
  return (time) => {
    const start = Math.floor(time / quarter) * quarter
    if (start !== last) {
      offset = Math.abs(start) > furthest ? 0 : offsetOf(start)
      last = start
    }
    return offset
  }
}
