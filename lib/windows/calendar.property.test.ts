// Laws of calendar windows
//
// 1. Window n reaches from the first instant at which the local date is that of period n, or later, to the same of n + 1. The
//    oracle knows dates from Date.UTC and local time from Intl.DateTimeFormat, and nothing from Temporal.
// 2. Windows tile time: each time belongs to one, which ends where the next one in the series starts; also around each change
//    of the clocks, and up to ±8.64e15.
// 3. `assign` and the series say the same. A window's number leads to the window, and its bounds lead to its number and to
//    that of the next that is not empty.
// 4. A window of k periods spans k windows of one. Three months are a quarter, twelve a year, and seven days a week.
// 5. An answer does not depend on the questions before it.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { calendar, type CalendarUnit, type Weekday } from './calendar.ts'

const day = 86_400_000
const minute = 60_000

/** Zones with much in them, and times around which it happens. */
const zones: Readonly<Record<string, readonly string[]>> = {
  'Africa/Cairo': ['2024-04-25T22:00Z', '2024-10-31T21:00Z', '2010-08-10T21:00Z', '2010-09-09T21:00Z'],
  'Africa/Casablanca': ['2024-03-10T02:00Z', '2024-04-14T02:00Z'],
  'Africa/Monrovia': ['1972-01-07T00:44:30Z', '1919-03-01T00:43:08Z'],
  'America/Boa_Vista': ['2000-10-08T04:00Z', '2000-10-15T03:00Z'],
  'America/Havana': ['2024-03-10T05:00Z', '2024-11-03T05:00Z'],
  'America/Juneau': ['1867-10-19T00:31:13Z', '1983-10-30T12:00Z'],
  'America/New_York': ['2024-03-10T07:00Z', '2024-11-03T06:00Z', '1883-11-18T17:00Z'],
  'America/Sao_Paulo': ['2018-11-04T03:00Z', '2018-02-18T02:00Z'],
  'America/St_Johns': ['2010-11-07T02:31Z', '2010-03-14T03:31Z', '1988-04-03T03:31Z', '1988-10-30T01:31Z'],
  'America/Toronto': ['1919-03-31T04:30Z', '1919-10-26T04:00Z'],
  'Asia/Beirut': ['2024-03-30T22:00Z', '2024-10-26T21:00Z'],
  'Asia/Kathmandu': ['1985-12-31T18:30Z'],
  'Asia/Kolkata': ['1945-10-14T17:30Z'],
  'Asia/Manila': ['1844-12-31T15:56:08Z'],
  'Asia/Pyongyang': ['2015-08-14T15:00Z', '2018-05-04T15:00Z'],
  'Australia/Lord_Howe': ['2024-04-06T15:00Z', '2024-10-05T15:30Z', '1985-10-19T16:30Z'],
  'Europe/Berlin': ['2024-03-31T01:00Z', '2024-10-27T01:00Z', '1893-03-31T23:06:32Z', '1945-05-24T00:00Z'],
  'Pacific/Apia': ['2011-12-30T10:00Z', '1892-07-05T00:00Z'],
  'Pacific/Kwajalein': ['1993-08-21T12:00Z'],
  UTC: ['1970-01-01T00:00Z'],
}

const weekdays: readonly Weekday[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

interface Calendar {
  readonly unit: CalendarUnit
  readonly zone: string
  readonly every: number
  readonly weekStart: Weekday
}

const zone = fc.constantFrom(...Object.keys(zones))
const calendars: fc.Arbitrary<Calendar> = fc.record({
  unit: fc.constantFrom<CalendarUnit>('day', 'week', 'month', 'quarter', 'year'),
  zone,
  every: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 40 }) }),
  weekStart: fc.constantFrom(...weekdays),
})
const made = ({ unit, zone, ...options }: Calendar): ReturnType<typeof calendar> => calendar(unit, zone, options)

/** Mostly within two days of something that happens in the zone. */
function times(zone: string): fc.Arbitrary<number> {
  const moments = (zones[zone] ?? []).map((text) => Date.parse(text))
  const near = fc
    .tuple(fc.constantFrom(...moments), fc.integer({ min: -48 * 60, max: 48 * 60 }), fc.integer({ min: -1, max: 1 }))
    .map(([moment, minutes, rest]) => moment + minutes * minute + rest)
  return fc.oneof(
    { weight: 4, arbitrary: near },
    { weight: 1, arbitrary: fc.integer({ min: Date.UTC(1840), max: Date.UTC(2060) }) },
  )
}
const calendarsAndTimes = calendars.chain((of) => fc.tuple(fc.constant(of), times(of.zone)))
const anyTime = fc.oneof(
  fc.integer({ min: -8.64e15, max: 8.64e15 }),
  fc.integer({ min: -8.64e15, max: -8.64e15 + 40 * day }),
  fc.integer({ min: 8.64e15 - 40 * day, max: 8.64e15 }),
)

const formats = new Map<string, Intl.DateTimeFormat>()

/** The reading of the clocks in a zone, as if it were in UTC. */
function reading(zone: string, time: number): number {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(zone, format)
  }
  const part: Record<string, string> = {}
  for (const { type, value } of format.formatToParts(time)) part[type] = value
  const year = part['era'] === 'BC' ? 1 - Number(part['year']) : Number(part['year'])
  const date = utc(year, Number(part['month']) - 1, Number(part['day']))
  const seconds = Number(part['hour']) * 3_600 + Number(part['minute']) * 60 + Number(part['second'])
  return date + seconds * 1_000 + (((time % 1_000) + 1_000) % 1_000)
}

/** As Date.UTC, which takes the years 0 to 99 for others. */
function utc(year: number, month: number, date: number): number {
  return new Date(0).setUTCFullYear(year, month, date)
}

/** The first instant at which clocks read `date` or later. */
function firstInstant(zone: string, date: number): number {
  let before = date - 26 * 60 * minute
  let time = before
  for (let left = date - reading(zone, time); left > 0; left = date - reading(zone, time)) {
    before = time
    // Not past what may come back.
    time += Math.min(left, 15 * minute)
  }
  while (time - before > 1) {
    const middle = Math.floor((before + time) / 2)
    if (reading(zone, middle) >= date) time = middle
    else before = middle
  }
  return time
}

/** The date, in UTC, that period `number` starts with. */
function firstDate({ unit, every, weekStart }: Calendar, number: number): number {
  const count = number * every
  if (unit === 'day') return count * day
  if (unit === 'week') {
    // The latest such day of the week up to 1970-01-01, a Thursday.
    const back = (3 - weekdays.indexOf(weekStart) + 7) % 7
    return (count * 7 - back) * day
  }
  return utc(0, count * { month: 1, quarter: 3, year: 12 }[unit], 1)
}

test('1: from the first instant of a local period to that of the next', () => {
  fc.assert(
    fc.property(calendarsAndTimes, ([of, time]) => {
      const { first, start, end } = made(of).series.slice(time)
      expect(start).toBe(firstInstant(of.zone, firstDate(of, first)))
      expect(end).toBe(firstInstant(of.zone, firstDate(of, first + 1)))
    }),
    { numRuns: 400 },
  )
})

test('1: for any number', () => {
  fc.assert(
    fc.property(calendars, fc.integer({ min: -60_000, max: 60_000 }), (of, number) => {
      const date = firstDate(of, number)
      fc.pre(Math.abs(date) < 8e15)
      expect(made(of).series.window(number).start).toBe(firstInstant(of.zone, date))
    }),
    { numRuns: 300 },
  )
})

test('2: windows tile time', () => {
  fc.assert(
    fc.property(calendarsAndTimes, anyTime, fc.boolean(), ([of, near], far, isNear) => {
      const time = isNear ? near : far
      const { series } = made(of)
      const slice = series.slice(time)
      expect(slice.start).toBeLessThanOrEqual(time)
      expect(slice.end).toBeGreaterThan(time)
      expect(slice.last).toBe(slice.first)
      expect(series.window(slice.first - 1).end).toBe(slice.start)
      expect(series.window(slice.first + 1).start).toBe(slice.end)
    }),
    { numRuns: 500 },
  )
})

test('2: without a gap over years of days', () => {
  fc.assert(
    fc.property(zone, fc.integer({ min: -45_000, max: 25_000 }), (zone, number) => {
      const { series } = calendar('day', zone)
      let { end } = series.window(number)
      for (let next = number + 1; next < number + 800; next++) {
        const window = series.window(next)
        expect(window.start).toBe(end)
        expect(window.end).toBeGreaterThanOrEqual(window.start)
        // None is longer than the day that is lived through twice where the date line moves.
        expect(window.end - window.start).toBeLessThanOrEqual(2 * day)
        end = window.end
      }
    }),
    { numRuns: 20 },
  )
})

test('3: assign says the same as the series, and numbers lead there and back', () => {
  fc.assert(
    fc.property(calendarsAndTimes, anyTime, fc.boolean(), ([of, near], far, isNear) => {
      const time = isNear ? near : far
      const { assign, series } = made(of)
      const { start, end, first } = series.slice(time)
      expect(assign(time)).toStrictEqual([{ start, end }])
      expect(series.window(first)).toStrictEqual({ start, end })
      expect(series.slice(start)).toStrictEqual({ start, end, first, last: first })
      expect(series.slice(end - 1)).toStrictEqual({ start, end, first, last: first })
      fc.pre(end <= 8.64e15)
      const next = series.slice(end)
      expect(next.start).toBe(end)
      expect(next.first).toBeGreaterThan(first)
      for (let number = first + 1; number < next.first; number++) {
        expect(series.window(number)).toStrictEqual({ start: end, end })
      }
    }),
    { numRuns: 500 },
  )
})

test('4: a window of several periods spans the windows of one', () => {
  fc.assert(
    fc.property(calendarsAndTimes, ([of, time]) => {
      const { start, end, first } = made(of).series.slice(time)
      const single = made({ ...of, every: 1 }).series
      expect(single.window(first * of.every).start).toBe(start)
      expect(single.window((first + 1) * of.every - 1).end).toBe(end)
    }),
  )
})

test('4: larger units are multiples of smaller ones', () => {
  fc.assert(
    fc.property(
      zone.chain((zone) => fc.tuple(fc.constant(zone), times(zone))),
      ([zone, time]) => {
        const slice = (unit: CalendarUnit, every: number): unknown => calendar(unit, zone, { every }).series.slice(time)
        expect(slice('month', 3)).toStrictEqual(slice('quarter', 1))
        expect(slice('month', 12)).toStrictEqual(slice('year', 1))
        expect(slice('quarter', 4)).toStrictEqual(slice('year', 1))
        // Weeks that begin with the day of 1970-01-01.
        const weeks = calendar('week', zone, { weekStart: 'thursday' }).series
        expect(slice('day', 7)).toStrictEqual(weeks.slice(time))
      },
    ),
  )
})

test('5: answers do not depend on the questions before', () => {
  const questions = calendars.chain((of) =>
    fc.tuple(fc.constant(of), fc.array(fc.tuple(fc.oneof(times(of.zone), anyTime), fc.nat(2)), { maxLength: 30 })),
  )
  fc.assert(
    fc.property(questions, ([of, asked]) => {
      const { assign, series } = made(of)
      for (const [time, question] of asked) {
        const fresh = made(of)
        if (question === 0) expect(assign(time)).toStrictEqual(fresh.assign(time))
        else if (question === 1) expect(series.slice(time)).toStrictEqual(fresh.series.slice(time))
        else {
          const number = Math.round(time / day)
          expect(series.window(number)).toStrictEqual(fresh.series.window(number))
        }
      }
    }),
  )
})
