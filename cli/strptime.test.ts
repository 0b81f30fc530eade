import { expect, test } from 'vitest'
import { Unparsable } from '../adapters/format/parser.ts'
import { strptime } from './strptime.ts'
import { toZone } from './zone.ts'

const utc = toZone('UTC')

test.each([
  ['%Y-%m-%dT%H:%M:%S', '2018-10-11T09:05:07', '2018-10-11T09:05:07.000Z'],
  ['%F %T.%f', '2018-10-11 09:05:07.123999', '2018-10-11T09:05:07.123Z'],
  ['%F %T,%f', '2018-10-11 09:05:07,5', '2018-10-11T09:05:07.500Z'],
  ['%d/%b/%Y:%T %z', '11/Oct/2018:09:05:07 +0200', '2018-10-11T07:05:07.000Z'],
  ['%d/%b/%Y:%T %z', '11/oct/2018:09:05:07 -05:30', '2018-10-11T14:35:07.000Z'],
  ['%FT%T%z', '2018-10-11T09:05:07Z', '2018-10-11T09:05:07.000Z'],
  ['%FT%T%z', '2018-10-11T09:05:07+02', '2018-10-11T07:05:07.000Z'],
  ['%D %R', '10/11/18 9:05', '2018-10-11T09:05:00.000Z'],
  ['%y', '68', '2068-01-01T00:00:00.000Z'],
  ['%y', '69', '1969-01-01T00:00:00.000Z'],
  ['%A, %d %B %Y', 'Thursday, 11 October 2018', '2018-10-11T00:00:00.000Z'],
  ['%a %b %e %T %Z %Y', 'Thu Oct  1 09:05:07 UTC 2018', '2018-10-01T09:05:07.000Z'],
  ['%Y %I %p', '2018 12 AM', '2018-01-01T00:00:00.000Z'],
  ['%Y %I%p', '2018 12pm', '2018-01-01T12:00:00.000Z'],
  ['%Y %I %p', '2018 1 p.m.', '2018-01-01T13:00:00.000Z'],
  ['%Y.%j', '2020.366', '2020-12-31T00:00:00.000Z'],
  ['%s', '-1', '1969-12-31T23:59:59.000Z'],
  ['%s.%f', '1539248400.25', '2018-10-11T09:00:00.250Z'],
  ['100%% (%Y) [x]', '100% (2018) [x]', '2018-01-01T00:00:00.000Z'],
])('%j reads %j', (pattern, text, time) => {
  const read = strptime(pattern, utc, undefined)(text)
  expect(new Date(Number(read)).toISOString()).toBe(time)
})

test('what has no zone is of the zone, and what has no year of the year', () => {
  const read = strptime('%b %d %H:%M', toZone('Europe/Amsterdam'), 2018)
  expect([read('Jul 1 12:00'), read('Jan 1 12:00')]).toEqual([Date.UTC(2018, 6, 1, 10), Date.UTC(2018, 0, 1, 11)])
})

test.each([
  ['%F', '2018-02-29', 'no day 29 in Feb 2018'],
  ['%F', '2018-13-01', 'no month 13'],
  ['%Y %b', '2018 Foo', "no month 'Foo'"],
  ['%Y %H', '2018 24', 'no hour 24'],
  ['%Y %I', '2018 13', 'no hour 13 of 12'],
  ['%Y %I', '2018 0', 'no hour 0 of 12'],
  ['%Y %j', '2018 367', 'no day 367 of the year'],
  ['%F %T', '2018-10-11 09:61:00', 'no minute 61'],
  ['%F%z', '2018-10-11+24', 'no offset'],
  ['%F', '2018-10-11x', "expected a time such as %F, got '2018-10-11x'"],
])('%j refuses %j', (pattern, text, reason) => {
  const refused = strptime(pattern, utc, undefined)(text)
  expect(refused instanceof Unparsable ? refused.reason : refused).toContain(reason)
})

test.each([
  ['%Q', "no directive '%Q'"],
  ['%Y %', "no directive '%'"],
  ['%Y %Y', 'may stand in it once'],
  ['%d/%b', "it has no year, write '%Y' in it or give --year"],
])('refuses the pattern %j', (pattern, message) => {
  expect(() => strptime(pattern, utc, undefined)).toThrow(message)
})
