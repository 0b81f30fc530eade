import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Window } from '../window.ts'
import { calendar, type CalendarOptions, type CalendarUnit, type Weekday } from './calendar.ts'

const hour = 3_600_000
const at = (text: string): number => {
  const time = Date.parse(text)
  if (Number.isNaN(time)) throw new Error(`no time: ${text}`)
  return time
}
const shown = ({ start, end }: Window): string => `${new Date(start).toISOString()}/${new Date(end).toISOString()}`
const windowsAt = (unit: CalendarUnit, zone: string, time: string, options?: CalendarOptions): string[] =>
  calendar(unit, zone, options).assign(at(time)).map(shown)

describe('days', () => {
  test.each([
    // Clocks go forward, and back.
    { zone: 'Europe/Berlin', start: '2024-03-30T23:00Z', hours: 23 },
    { zone: 'Europe/Berlin', start: '2024-10-26T22:00Z', hours: 25 },
    { zone: 'Europe/Berlin', start: '2024-07-13T22:00Z', hours: 24 },
    { zone: 'America/New_York', start: '2024-03-10T05:00Z', hours: 23 },
    { zone: 'America/New_York', start: '2024-11-03T04:00Z', hours: 25 },
    // By half an hour, at half past and a quarter to the hour.
    { zone: 'Australia/Lord_Howe', start: '2024-04-06T13:00Z', hours: 24.5 },
    { zone: 'Australia/Lord_Howe', start: '2024-10-05T13:30Z', hours: 23.5 },
    { zone: 'Asia/Kolkata', start: '2024-01-01T18:30Z', hours: 24 },
    { zone: 'Asia/Kathmandu', start: '2024-01-01T18:15Z', hours: 24 },
    // The day Nepal moved from 5:30 to 5:45.
    { zone: 'Asia/Kathmandu', start: '1985-12-31T18:30Z', hours: 23.75 },
    // There is no midnight: the day begins at 01:00.
    { zone: 'America/Sao_Paulo', start: '2018-11-04T03:00Z', hours: 23 },
    { zone: 'Africa/Cairo', start: '2024-04-25T22:00Z', hours: 23 },
    { zone: 'Asia/Beirut', start: '2024-03-30T22:00Z', hours: 23 },
    // Midnight comes back as 23:00: the day before has 25 hours.
    { zone: 'America/Sao_Paulo', start: '2018-02-17T02:00Z', hours: 25 },
    { zone: 'Africa/Cairo', start: '2024-10-30T21:00Z', hours: 25 },
    // 01:00 comes back as midnight: a day starts at the first of the two.
    { zone: 'America/Havana', start: '2024-11-03T04:00Z', hours: 25 },
    // 00:01 comes back as 23:01: the hour that is repeated is in the day that has begun.
    { zone: 'America/St_Johns', start: '2010-11-07T02:30Z', hours: 25 },
    { zone: 'America/St_Johns', start: '2010-11-06T02:30Z', hours: 24 },
    // The clock skips half an hour before and half an hour after midnight.
    { zone: 'America/Toronto', start: '1919-03-31T04:30Z', hours: 23.5 },
    { zone: 'America/Toronto', start: '1919-03-30T05:00Z', hours: 23.5 },
    // Twice within two months.
    { zone: 'America/Boa_Vista', start: '2000-10-08T04:00Z', hours: 23 },
    { zone: 'America/Boa_Vista', start: '2000-10-14T03:00Z', hours: 25 },
    // Around a day that was skipped.
    { zone: 'Pacific/Apia', start: '2011-12-29T10:00Z', hours: 24 },
    { zone: 'Pacific/Apia', start: '2011-12-30T10:00Z', hours: 24 },
    // Before the epoch, and in local mean time, with seconds.
    { zone: 'Europe/Berlin', start: '1949-04-09T23:00Z', hours: 23 },
    { zone: 'Europe/Berlin', start: '1800-01-01T23:06:32Z', hours: 24 },
    { zone: 'Africa/Monrovia', start: '1972-01-06T00:44:30Z', hours: 24 },
    { zone: 'Africa/Monrovia', start: '1972-01-07T00:44:30Z', hours: 24 - 44.5 / 60 },
    // Alaska changed sides of the date line in the afternoon of a 19th, and lived through 24 hours again, all of them its.
    { zone: 'America/Juneau', start: '1867-10-18T08:57:41Z', hours: 48 },
    { zone: 'America/Juneau', start: '1867-10-17T08:57:41Z', hours: 24 },
    // Without a zone.
    { zone: 'UTC', start: '1969-12-31T00:00Z', hours: 24 },
    { zone: '+05:30', start: '1970-01-01T18:30Z', hours: 24 },
    { zone: '-00:30', start: '1970-01-01T00:30Z', hours: 24 },
  ])('in $zone from $start: $hours h', ({ zone, start: text, hours }) => {
    const start = at(text)
    const end = start + hours * hour
    const assigner = calendar('day', zone)
    expect(assigner.assign(start)).toStrictEqual([{ start, end }])
    expect(assigner.assign(end - 1)).toStrictEqual([{ start, end }])
    expect(assigner.assign(start - 1)[0]?.end).toBe(start)
    expect(assigner.assign(end)[0]?.start).toBe(end)
  })

  test('count from 1970-01-01, also back', () => {
    const { series } = calendar('day', 'America/New_York')
    expect([-1, 0, 1].map((number) => shown(series.window(number)))).toEqual([
      '1969-12-31T05:00:00.000Z/1970-01-01T05:00:00.000Z',
      '1970-01-01T05:00:00.000Z/1970-01-02T05:00:00.000Z',
      '1970-01-02T05:00:00.000Z/1970-01-03T05:00:00.000Z',
    ])
    expect(series.slice(at('1970-01-01T04:59:59.999Z'))).toMatchObject({ first: -1, last: -1 })
  })

  test('a day that was skipped has a number, an empty window, and no time', () => {
    const { series } = calendar('day', 'Pacific/Apia')
    const skipped = Date.UTC(2011, 11, 30) / (24 * hour)
    const moment = at('2011-12-30T10:00Z')
    expect(series.window(skipped)).toStrictEqual({ start: moment, end: moment })
    expect(series.window(skipped - 1).end).toBe(moment)
    expect(series.window(skipped + 1).start).toBe(moment)
    expect(series.slice(moment - 1)).toMatchObject({ first: skipped - 1, last: skipped - 1, end: moment })
    expect(series.slice(moment)).toMatchObject({ first: skipped + 1, last: skipped + 1, start: moment })
  })

  test('a skipped day makes a window of two days one of the other', () => {
    expect(windowsAt('day', 'Pacific/Apia', '2011-12-30T12:00Z', { every: 2 })).toEqual([
      '2011-12-30T10:00:00.000Z/2011-12-31T10:00:00.000Z',
    ])
  })
})

test.each<[CalendarUnit, string, CalendarOptions, string, string]>([
  // Weeks begin on Monday, or on the day that is said.
  ['week', 'Europe/Berlin', {}, '2024-03-31T21:59Z', '2024-03-24T23:00:00.000Z/2024-03-31T22:00:00.000Z'],
  [
    'week',
    'Europe/Berlin',
    { weekStart: 'sunday' },
    '2024-03-31T21:59Z',
    '2024-03-30T23:00:00.000Z/2024-04-06T22:00:00.000Z',
  ],
  ['week', 'UTC', {}, '1970-01-01T00:00Z', '1969-12-29T00:00:00.000Z/1970-01-05T00:00:00.000Z'],
  ['week', 'UTC', { every: 2 }, '1970-01-05T00:00Z', '1969-12-29T00:00:00.000Z/1970-01-12T00:00:00.000Z'],
  ['week', 'UTC', { every: 2 }, '1969-12-28T00:00Z', '1969-12-15T00:00:00.000Z/1969-12-29T00:00:00.000Z'],
  // Months of 28 to 31 days, and an hour less.
  ['month', 'UTC', {}, '2024-02-29T12:00Z', '2024-02-01T00:00:00.000Z/2024-03-01T00:00:00.000Z'],
  ['month', 'Europe/Berlin', {}, '2023-03-01T00:00Z', '2023-02-28T23:00:00.000Z/2023-03-31T22:00:00.000Z'],
  ['month', 'UTC', { every: 3 }, '1969-12-31T23:59Z', '1969-10-01T00:00:00.000Z/1970-01-01T00:00:00.000Z'],
  ['quarter', 'Asia/Kolkata', {}, '2024-05-05T00:00Z', '2024-03-31T18:30:00.000Z/2024-06-30T18:30:00.000Z'],
  ['quarter', 'UTC', { every: 2 }, '2024-12-05T00:00Z', '2024-07-01T00:00:00.000Z/2025-01-01T00:00:00.000Z'],
  // Years, decades and centuries, and years before the first.
  ['year', 'America/Sao_Paulo', {}, '2019-01-01T01:59Z', '2018-01-01T02:00:00.000Z/2019-01-01T02:00:00.000Z'],
  ['year', 'UTC', { every: 10 }, '1970-01-01T00:00Z', '1970-01-01T00:00:00.000Z/1980-01-01T00:00:00.000Z'],
  ['year', 'UTC', { every: 100 }, '1999-06-01T00:00Z', '1900-01-01T00:00:00.000Z/2000-01-01T00:00:00.000Z'],
  ['year', 'UTC', {}, '0000-02-29T00:00Z', '0000-01-01T00:00:00.000Z/0001-01-01T00:00:00.000Z'],
  ['year', 'UTC', { every: 400 }, '-000001-12-31T00:00Z', '-000400-01-01T00:00:00.000Z/0000-01-01T00:00:00.000Z'],
  // Other units have no use for the start of a week.
  ['day', 'UTC', { weekStart: 'sunday' }, '1970-01-01T00:00Z', '1970-01-01T00:00:00.000Z/1970-01-02T00:00:00.000Z'],
])('%s in %s, %o: %s is in %s', (unit, zone, options, time, expected) => {
  expect(windowsAt(unit, zone, time, options)).toEqual([expected])
})

test.each<[Weekday, string]>([
  ['monday', '2024-05-20'],
  ['tuesday', '2024-05-21'],
  ['wednesday', '2024-05-22'],
  ['thursday', '2024-05-23'],
  ['friday', '2024-05-17'],
  ['saturday', '2024-05-18'],
  ['sunday', '2024-05-19'],
])('a week that begins on %s: Thursday 2024-05-23 is in that of %s', (weekStart, start) => {
  expect(windowsAt('week', 'UTC', '2024-05-23T12:00Z', { weekStart })[0]?.slice(0, 10)).toBe(start)
  // Number 0 is the week with 1970-01-01 in it.
  expect(calendar('week', 'UTC', { weekStart }).series.slice(0).first).toBe(0)
})

describe('where times end', () => {
  const edge = 8.64e15

  test.each<[CalendarUnit, string, CalendarOptions]>([
    ['day', 'UTC', {}],
    ['day', 'Asia/Kolkata', {}],
    ['day', 'America/Bogota', {}],
    ['week', 'Pacific/Kiritimati', {}],
    ['month', 'America/Los_Angeles', {}],
    ['year', 'Europe/Berlin', { every: 7 }],
    ['year', 'Europe/Berlin', { every: Number.MAX_SAFE_INTEGER }],
  ])('windows are cut off: %s in %s, %o', (unit, zone, options) => {
    const { assign, series } = calendar(unit, zone, options)
    const earliest = series.slice(-edge)
    const latest = series.slice(edge)
    expect(assign(-edge)).toStrictEqual([{ start: -edge, end: earliest.end }])
    expect(assign(edge)).toStrictEqual([{ start: latest.start, end: edge + 1 }])
    expect(assign(earliest.end)[0]?.start).toBe(earliest.end)
    expect(assign(latest.start - 1)[0]?.end).toBe(latest.start)
    // Beyond is a gap, and the windows with these numbers are empty.
    expect([assign(-edge - 1), assign(edge + 1), assign(Number.MAX_SAFE_INTEGER)]).toEqual([[], [], []])
    expect(series.slice(-edge - 1)).toStrictEqual({
      start: -Infinity,
      end: -edge,
      first: earliest.first,
      last: earliest.first - 1,
    })
    expect(series.slice(edge + 1)).toStrictEqual({
      start: edge + 1,
      end: Infinity,
      first: latest.last + 1,
      last: latest.last,
    })
    expect(series.window(earliest.first - 1)).toStrictEqual({ start: -edge, end: -edge })
    expect(series.window(latest.last + 1)).toStrictEqual({ start: edge + 1, end: edge + 1 })
    expect(series.window(1e300)).toStrictEqual({ start: edge + 1, end: edge + 1 })
  })

  test('days start and end in local time up to there', () => {
    expect(calendar('day', 'America/Bogota').assign(-edge)).toStrictEqual([
      { start: -edge, end: -edge + 4 * hour + 56 * 60_000 + 16_000 },
    ])
    expect(calendar('day', 'America/Bogota').assign(edge)).toStrictEqual([{ start: edge - 19 * hour, end: edge + 1 }])
    expect(calendar('day', 'Asia/Kolkata').assign(edge)).toStrictEqual([{ start: edge - 5.5 * hour, end: edge + 1 }])
  })
})

test('returns the very same array and slice within a window', () => {
  const { assign, series } = calendar('day', 'Europe/Berlin')
  const windows = assign(at('2024-03-31T00:00Z'))
  const slice = series.slice(at('2024-03-31T00:00Z'))
  expect(assign(at('2024-03-31T21:59:59.999Z'))).toBe(windows)
  expect(series.slice(at('2024-03-30T23:00Z'))).toBe(slice)
  expect(assign(at('2024-03-31T22:00Z'))).not.toEqual(windows)
  expect(series.slice(at('2024-03-30T22:59:59.999Z'))).not.toEqual(slice)
  expect(assign(at('2024-03-31T00:00Z'))).toStrictEqual(windows)
})

test('forgets where windows start, and finds it again', () => {
  const { series } = calendar('day', 'Europe/Berlin')
  const windows = Array.from({ length: 12_000 }, (_, number) => series.window(number))
  expect(windows.map((_, number) => series.window(number))).toStrictEqual(windows)
  expect(new Set(windows.map(({ start }) => start)).size).toBe(12_000)
})

test('never says -0', () => {
  const { assign, series } = calendar('day', 'UTC')
  expect(assign(-0)).toStrictEqual([{ start: 0, end: 24 * hour }])
  expect(series.slice(-0)).toStrictEqual({ start: 0, end: 24 * hour, first: 0, last: 0 })
  expect(series.window(-1)).toStrictEqual({ start: -24 * hour, end: 0 })
})

describe('with the polyfill as with the Temporal of the runtime', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  test.each(['Europe/Berlin', 'America/Sao_Paulo', 'Pacific/Apia', 'America/St_Johns', 'Africa/Monrovia', 'UTC'])(
    'in %s',
    (zone) => {
      const native = calendar('day', zone)
      vi.stubGlobal('Temporal', undefined)
      const polyfilled = calendar('day', zone)
      expect(polyfilled.name).toBe(native.name)
      for (let number = -40_000; number < 20_000; number += 7) {
        expect(polyfilled.series.window(number)).toStrictEqual(native.series.window(number))
      }
    },
  )

  test('that of the runtime comes first, as it is when calendar windows are made', () => {
    vi.stubGlobal('Temporal', {
      ZonedDateTime: vi.fn(function another() {
        throw new RangeError('another Temporal')
      }),
    })
    expect(() => calendar('day', 'UTC')).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ message: 'another Temporal' }) as unknown }),
    )
  })
})

test.each<[CalendarUnit, string, CalendarOptions, string]>([
  ['day', 'Europe/Berlin', {}, 'calendar(day, Europe/Berlin)'],
  ['day', 'europe/berlin', { every: 1 }, 'calendar(day, Europe/Berlin)'],
  ['month', 'utc', { every: 3 }, 'calendar(month, UTC, every 3)'],
  ['week', 'UTC', { weekStart: 'monday' }, 'calendar(week, UTC)'],
  ['week', 'UTC', { every: 2, weekStart: 'sunday' }, 'calendar(week, UTC, every 2, weekStart sunday)'],
  ['year', '+05:30', { weekStart: 'sunday' }, 'calendar(year, +05:30)'],
])('has a name: %s, %s, %o', (unit, zone, options, name) => {
  expect(calendar(unit, zone, options).name).toBe(name)
})

const units = "'day', 'week', 'month', 'quarter' or 'year'"
const weekdays = "'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday' or 'sunday'"
const zones = "a name such as 'Europe/Berlin' or 'UTC'"

test.each<[unknown, unknown, object, string]>([
  ['hour', 'UTC', {}, `calendar: unit: expected ${units}, got 'hour'`],
  ['toString', 'UTC', {}, `calendar: unit: expected ${units}, got 'toString'`],
  [undefined, 'UTC', {}, `calendar: unit: expected ${units}, got undefined`],
  [['day'], 'UTC', {}, `calendar: unit: expected ${units}, got an array of 1`],
  ['day', 'Europe/Nowhere', {}, `calendar: timeZone: expected ${zones}, got 'Europe/Nowhere'`],
  ['day', '', {}, `calendar: timeZone: expected ${zones}, got ''`],
  ['day', '2024-01-01T00:00Z', {}, `calendar: timeZone: expected ${zones}, got '2024-01-01T00:00Z'`],
  ['day', '+25:00', {}, `calendar: timeZone: expected ${zones}, got '+25:00'`],
  ['day', undefined, {}, `calendar: timeZone: expected ${zones}, got undefined`],
  ['day', 60, {}, `calendar: timeZone: expected ${zones}, got 60`],
  ['day', 'UTC', { every: 0 }, 'calendar: every must be a whole number > 0, got 0'],
  ['day', 'UTC', { every: -1 }, 'calendar: every must be a whole number > 0, got -1'],
  ['day', 'UTC', { every: 1.5 }, 'calendar: every must be a whole number > 0, got 1.5'],
  ['day', 'UTC', { every: '2' }, "calendar: every must be a whole number > 0, got '2'"],
  ['day', 'UTC', { every: Infinity }, 'calendar: every must be a whole number > 0, got Infinity'],
  ['week', 'UTC', { weekStart: 'Sunday' }, `calendar: weekStart: expected ${weekdays}, got 'Sunday'`],
  ['day', 'UTC', { weekStart: 0 }, `calendar: weekStart: expected ${weekdays}, got 0`],
])('refuses %s, %s, %o', (unit, zone, options, message) => {
  expect(() => calendar(unit as CalendarUnit, zone as string, options)).toThrow(
    expect.objectContaining({ code: 'invalid-argument', message }),
  )
})
