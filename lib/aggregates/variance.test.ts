import { expect, test } from 'vitest'
import { stddev } from './stddev.ts'
import { variance } from './variance.ts'

test.each<{ values: readonly number[]; sample: boolean; expected: number | undefined }>([
  { values: [], sample: false, expected: undefined },
  { values: [], sample: true, expected: undefined },
  { values: [7], sample: false, expected: 0 },
  { values: [7], sample: true, expected: undefined },
  { values: [2, 4, 4, 4, 5, 5, 7, 9], sample: false, expected: 4 },
  { values: [2, 4, 4, 4, 5, 5, 7, 9], sample: true, expected: 32 / 7 },
  // One pass over plain sums has no digit left here.
  { values: [1e15 + 4, 1e15 + 7, 1e15 + 13, 1e15 + 16], sample: true, expected: 30 },
  { values: [1e150, 1e150, -1e150, -1e150], sample: false, expected: 1e300 },
  { values: [1e154, 1e-154], sample: false, expected: 2.5e307 },
  { values: [5e-324, -5e-324, 0.1, 0.1], sample: false, expected: 0.0025 },
  { values: [5e-324, 1e-200], sample: false, expected: 0 },
  { values: Array.from({ length: 99 }, () => 0.1), sample: true, expected: 0 },
])('the variance of $values is $expected (sample: $sample)', ({ values, sample, expected }) => {
  const aggregate = variance(undefined, { sample })
  const added = values.reduce((moments, x) => aggregate.add(moments, x, 0), aggregate.create())
  if (expected === undefined) expect(aggregate.result(added)).toBeUndefined()
  else expect(aggregate.result(added)).toBeCloseTo(expected, 12 - Math.max(0, Math.log10(expected)))
})

test('measures what the function says', () => {
  const aggregate = stddev((hit: { millis: number }) => hit.millis)
  const one = aggregate.add(aggregate.create(), { millis: 10 }, 0)
  const both = aggregate.merge(one, aggregate.add(aggregate.create(), { millis: 14 }, 0))
  expect(aggregate.result(both)).toBe(2)
  expect(aggregate.result(aggregate.retract(both, { millis: 14 }, 0))).toBe(0)
})

test.each([
  [Number.NaN, 'a finite number, got NaN'],
  [Infinity, 'a finite number, got Infinity'],
  ['5', "a finite number, got '5'"],
  [2e154, 'numbers of at most 1.3e154 in magnitude, got 2e+154'],
])('refuses %o', (value, rest) => {
  for (const [name, aggregate] of Object.entries({ variance: variance(), stddev: stddev() })) {
    expect(() => aggregate.add(aggregate.create(), value as number, 0)).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: `${name}: expected ${rest}` }),
    )
  }
})

test('refuses what is no function', () => {
  // @ts-expect-error: the options come second
  expect(() => variance({ sample: true })).toThrow('variance: expected a function of the value, got an object')
  // @ts-expect-error: no function
  expect(() => stddev('millis')).toThrow("stddev: expected a function of the value, got 'millis'")
})
