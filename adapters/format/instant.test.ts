import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { parseInstant } from './instant.ts'
import { Unparsable } from './parser.ts'

test.each([
  ['2015-07-29', '2015-07-29T00:00:00.000Z'],
  ['2015-07-29T17:41', '2015-07-29T17:41:00.000Z'],
  ['2015-07-29T17:41Z', '2015-07-29T17:41:00.000Z'],
  ['2015-07-29T17:41:44', '2015-07-29T17:41:44.000Z'],
  ['2015-07-29 17:41:44,747', '2015-07-29T17:41:44.747Z'],
  ['2015-07-29t17:41:44.747z', '2015-07-29T17:41:44.747Z'],
  [' 2015-07-29T17:41:44.747Z\t', '2015-07-29T17:41:44.747Z'],
  ['2015-07-29T17:41:44.7', '2015-07-29T17:41:44.700Z'],
  ['2015-07-29T17:41:44.747999999Z', '2015-07-29T17:41:44.747Z'],
  ['2015-07-29T17:41:44+02:00', '2015-07-29T15:41:44.000Z'],
  ['2015-07-29T17:41:44.5-0730', '2015-07-30T01:11:44.500Z'],
  ['2015-07-29 17:41:44 +0530', '2015-07-29T12:11:44.000Z'],
  ['2015-07-29T17:41:44+02', '2015-07-29T15:41:44.000Z'],
  ['1969-12-31T23:59:59.999999Z', '1969-12-31T23:59:59.999Z'],
  ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['0001-01-01', '0001-01-01T00:00:00.000Z'],
])('reads %j', (text, iso) => {
  expect(parseInstant(text)).toBe(Date.parse(iso))
})

test.each<readonly [value: string | number, millis: number]>([
  [0, 0],
  [-0, 0],
  ['-0', 0],
  [1, 1_000],
  ['1', 1_000],
  ['+1', 1_000],
  [1_700_000_000, 1_700_000_000_000],
  ['1700000000', 1_700_000_000_000],
  ['0001700000000', 1_700_000_000_000],
  // 1700000000.123 * 1000 and the like are not whole in binary.
  [1_700_000_000.123, 1_700_000_000_123],
  ['1700000000.123', 1_700_000_000_123],
  ['1700000000.1239', 1_700_000_000_123],
  ['1700000000.', 1_700_000_000_000],
  [1.001, 1_001],
  [4.35, 4_350],
  ['1.7e9', 1_700_000_000_000],
  ['1.700000000123E+09', 1_700_000_000_123],
  [-1.5, -1_500],
  ['-0.0001', -1],
  [0.000_000_1, 0],
  [-0.000_000_1, -1],
  // The largest of a unit, and the smallest of the next one.
  [99_999_999_999, 99_999_999_999_000],
  [100_000_000_000, 100_000_000_000],
  ['99999999999999', 99_999_999_999_999],
  ['100000000000000', 100_000_000_000],
  ['99999999999999999', 99_999_999_999_999],
  ['100000000000000000', 100_000_000_000],
  [1_700_000_000_123, 1_700_000_000_123],
  ['1700000000123.9', 1_700_000_000_123],
  ['1700000000123999', 1_700_000_000_123],
  ['1700000000123999999', 1_700_000_000_123],
  [1_700_000_000_123_000_000, 1_700_000_000_123],
  ['-1700000000123999', -1_700_000_000_124],
  ['-1700000000123000', -1_700_000_000_123],
  ['8640000000000000999999', 8_640_000_000_000_000],
])('reads %j', (value, millis) => {
  expect(parseInstant(value)).toBe(millis)
})

function reasonOf(value: unknown): unknown {
  const result = parseInstant(value)
  return result instanceof Unparsable ? result.reason : result
}

test.each([
  ['2015-13-29', "no month 13 in '2015-13-29'"],
  ['2015-00-29', "no month 0 in '2015-00-29'"],
  ['2015-02-29', "no day 29 in Feb 2015 in '2015-02-29'"],
  ['2015-07-29T24:00', "no hour 24 in '2015-07-29T24:00'"],
  ['2015-07-29T23:60', "no minute 60 in '2015-07-29T23:60'"],
  ['2015-07-29T23:59:61', "no second 61 in '2015-07-29T23:59:61'"],
  ['2015-07-29T23:59+24:00', "no offset of 24 h 0 min in '2015-07-29T23:59+24:00'"],
  ['8640000000000001000000', "beyond 100 million days from 1970, got '8640000000000001000000'"],
  ['-8640000000000001000000', "beyond 100 million days from 1970, got '-8640000000000001000000'"],
])('refuses %j', (text, reason) => {
  expect(reasonOf(text)).toBe(reason)
})

test.each([
  '',
  ' ',
  'yesterday',
  '2015-7-29',
  '20150729T174144Z',
  '2015-07-29T17',
  '2015-07-29Z',
  '2015-07-29T17:41:44.Z',
  '2015-07-29T17:41:44 UTC',
  '1_000',
  '0x10',
  '1e400',
  '.5',
  '--1',
  Number.NaN,
  Infinity,
  1e21,
  null,
  undefined,
  true,
  {},
  [1],
])('takes %j for no time', (value) => {
  expect(reasonOf(value)).toMatch(/^expected an ISO 8601 time or a number of s, ms, us or ns since 1970, got /)
})

property.prop([
  fc.date({ min: new Date('0000-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }),
])('reads what a Date prints', (date) => {
  expect(parseInstant(date.toISOString())).toBe(date.getTime())
})

property.prop([fc.integer({ min: 100_000_000_000, max: 8_640_000_000_000 }), fc.nat({ max: 999_999 }), fc.boolean()])(
  'reads ms, us and ns alike, floored',
  (millis, nanos, isNegative) => {
    const [sign, floor] = isNegative
      ? ['-', (rest: number): number => -millis - (rest > 0 ? 1 : 0)]
      : ['', (): number => millis]
    const digits = String(nanos).padStart(6, '0')
    expect(parseInstant(`${sign}${millis}.${digits}`)).toBe(floor(nanos))
    expect(parseInstant(`${sign}${millis}${digits.slice(0, 3)}`)).toBe(floor(Math.floor(nanos / 1000)))
    expect(parseInstant(`${sign}${millis}${digits}`)).toBe(floor(nanos))
  },
)

test('the usual form is read as any other', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
      const text = date.toISOString()
      expect(parseInstant(text)).toBe(date.getTime())
      expect(parseInstant(text.replace('T', ' '))).toBe(date.getTime())
      expect(parseInstant(text.replace(/\.\d+/, ''))).toBe(Math.floor(date.getTime() / 1_000) * 1_000)
    }),
  )
})

test.each([
  '2015-02-29T00:00:00Z',
  '2015-13-01T00:00:00.000Z',
  '2015-01-01T24:00:00Z',
  '2015-01-01T00:00:61.000Z',
  '2015-01-01T00:00:0xZ',
  '2015-01-01T00:00:00:000Z',
])('the usual form of a time that there is not: %s', (text) => expect(parseInstant(text)).toBeInstanceOf(Unparsable))
