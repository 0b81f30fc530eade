import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TidemarkError } from './errors.ts'
import { type Duration, formatDuration, toMillis, toNonNegativeMillis, toPositiveMillis } from './time.ts'

const hour = 3_600_000
const largest = Number.MAX_SAFE_INTEGER

test.each<[Duration, number]>([
  [0, 0],
  [1_500, 1_500],
  [-1, -1],
  [largest, largest],
  [-largest, -largest],
  ['0ms', 0],
  ['250ms', 250],
  ['90s', 90_000],
  ['5m', 300_000],
  ['1h', hour],
  ['7d', 7 * 24 * hour],
  ['2w', 14 * 24 * hour],
  ['1h30m', 1.5 * hour],
  ['1.5h', 1.5 * hour],
  ['1w1d1h1m1s1ms', 694_861_001],
  ['30m1h', 1.5 * hour],
  ['-8h', -8 * hour],
  ['-1h30m', -1.5 * hour],
  ['007s', 7_000],
  // 1.1 * 1000, 0.07 * 60,000 and 4.35 * 1000 miss the millisecond in binary.
  ['1.1s', 1_100],
  ['0.07m', 4_200],
  ['4.35s', 4_350],
  ['0.001s', 1],
])('%s is %d ms', (duration, millis) => {
  expect(toMillis(duration, 'size')).toBe(millis)
})

test.each<[unknown, string]>([
  ['', "''"],
  ['90', "'90'"],
  ['s', "'s'"],
  ['1 h', "'1 h'"],
  [' 1h', "' 1h'"],
  ['1h ', "'1h '"],
  ['1H', "'1H'"],
  ['1min', "'1min'"],
  ['+1h', "'+1h'"],
  ['--1h', "'--1h'"],
  ['1h-30m', "'1h-30m'"],
  ['1e3ms', "'1e3ms'"],
  ['.5s', "'.5s'"],
  ['1.s', "'1.s'"],
  ['1,5s', "'1,5s'"],
  ['0.5ms', "'0.5ms'"],
  ['0.0001s', "'0.0001s'"],
  ['PT1H', "'PT1H'"],
  ['Infinityms', "'Infinityms'"],
  ['14892855913w', "'14892855913w'"],
  [0.5, '0.5'],
  [Number.NaN, 'NaN'],
  [Infinity, 'Infinity'],
  [largest + 1, '9007199254740992'],
  [10n, '10n'],
  [undefined, 'undefined'],
  [null, 'null'],
  [new Date(0), 'the Date 1970-01-01T00:00:00.000Z'],
  [{ hours: 1 }, 'an object'],
])('%s is no duration', (duration, shown) => {
  expect(() => toMillis(duration as Duration, 'tumbling: size')).toThrow(
    new TidemarkError(
      'invalid-duration',
      `tumbling: size: expected a whole number of milliseconds or a text like '90s' or '1h30m', got ${shown}`,
    ),
  )
})

test('a size is > 0, a lateness is >= 0', () => {
  const refuses = (work: () => unknown, message: string): void =>
    expect(work).toThrow(new TidemarkError('invalid-argument', message))
  expect(toPositiveMillis(1, 'size')).toBe(1)
  refuses(() => toPositiveMillis(0, 'size'), 'size must be > 0, got 0')
  refuses(() => toPositiveMillis('0s', 'size'), "size must be > 0, got '0s'")
  refuses(() => toPositiveMillis('-1ms', 'size'), "size must be > 0, got '-1ms'")
  expect(toNonNegativeMillis(0, 'lateness')).toBe(0)
  refuses(() => toNonNegativeMillis(-1, 'lateness'), 'lateness must be >= 0, got -1')
  expect(() => toNonNegativeMillis('soon', 'lateness')).toThrow(expect.objectContaining({ code: 'invalid-duration' }))
})

test.each<[number, string]>([
  [0, '0ms'],
  [1, '1ms'],
  [999, '999ms'],
  [1_000, '1s'],
  [90_000, '1m30s'],
  [hour, '1h'],
  [1.5 * hour, '1h30m'],
  [24 * hour, '1d'],
  [14 * 24 * hour, '2w'],
  [694_861_001, '1w1d1h1m1s1ms'],
  [-8 * hour, '-8h'],
  [Infinity, 'Infinity'],
  [-Infinity, '-Infinity'],
  [Number.NaN, 'NaN'],
])('%d ms is written %s', (millis, text) => {
  expect(formatDuration(millis)).toBe(text)
})

test('what is written is read back', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (millis) => {
      expect(toMillis(formatDuration(millis), 'it')).toBe(millis)
    }),
  )
})
