import { expect, test } from 'vitest'
import { quantile } from './quantile.ts'

function found(q: number, values: readonly number[], accuracy = 0.0001): number | undefined {
  const aggregate = quantile(q, undefined, { accuracy })
  return aggregate.result(values.reduce((sketch, x) => aggregate.add(sketch, x, 0), aggregate.create()))
}

test.each<{ q: number; values: readonly number[]; expected: number }>([
  { q: 0.5, values: [7], expected: 7 },
  { q: 0, values: [1, 2, 3, 4], expected: 1 },
  { q: 0.5, values: [4, 3, 2, 1], expected: 2 },
  { q: 0.5, values: [5, 4, 3, 2, 1], expected: 3 },
  { q: 0.99, values: [1, 2, 3, 4], expected: 3 },
  { q: 1, values: [1, 2, 3, 4], expected: 4 },
  { q: 0, values: [-5, 0, 5], expected: -5 },
  { q: 0.5, values: [-5, 0, 5], expected: 0 },
  { q: 0.5, values: [-7, -6, -5], expected: -6 },
  { q: 0.5, values: [0, -0], expected: 0 },
  { q: 0, values: [1.7e308, 5], expected: 5 },
  { q: 1, values: [Number.MAX_VALUE], expected: Number.MAX_VALUE },
])('the quantile $q of $values is $expected', ({ q, values, expected }) => {
  const actual = found(q, values) ?? Number.NaN
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(Math.abs(expected) * 0.0001)
})

test('there is none of nothing', () => {
  expect(found(0.5, [])).toBeUndefined()
  const several = quantile([0.5, 0.9])
  expect(several.result(several.create())).toEqual([undefined, undefined])
})

test('numbers too small for a relative error count as 0', () => {
  expect(found(0, [5e-324])).toBe(0)
  expect(found(1, [-5e-324])).toBe(0)
})

test('has a counter for each bucket, however many values there are', () => {
  const aggregate = quantile(0.5)
  const sketch = aggregate.create()
  for (let micros = 1; micros <= 100_000; micros += 1) aggregate.add(sketch, micros, 0)
  // log(100,000) / log(1.02)
  expect(sketch.positive.size).toBeLessThan(582)
  expect(sketch.count).toBe(100_000)
})

test('takes what the function says', () => {
  const aggregate = quantile([1], (hit: { millis: number }) => hit.millis)
  const both = [8, 0].reduce((sketch, millis) => aggregate.add(sketch, { millis }, 0), aggregate.create())
  expect(aggregate.result(aggregate.retract(both, { millis: 8 }, 0))).toEqual([0])
})

test.each([5, -5, 0])('refuses to take %o back where there is none', (value) => {
  const aggregate = quantile(0.5)
  const sketch = aggregate.add(aggregate.create(), 7, 0)
  expect(() => aggregate.retract(sketch, value, 0)).toThrow(
    expect.objectContaining({
      code: 'unsupported',
      message: `quantile: expected to take back a value that is there, got ${value}`,
    }),
  )
  expect(sketch.count).toBe(1)
})

test.each([
  [-0.1, 'expected a number from 0 to 1, got -0.1'],
  [1.1, 'expected a number from 0 to 1, got 1.1'],
  [Number.NaN, 'expected a number from 0 to 1, got NaN'],
  [[0.5, '0.9'], "expected a number from 0 to 1, got '0.9'"],
  ['0.5', "expected a number or an array, got '0.5'"],
  [undefined, 'expected a number or an array, got undefined'],
])('refuses the quantile %o', (q, message) => {
  expect(() => quantile(q as number)).toThrow(
    expect.objectContaining({ code: 'invalid-argument', message: `quantile: ${message}` }),
  )
})

test.each([0, 0.00009, 0.51, Number.NaN])('refuses the accuracy %o', (accuracy) => {
  expect(() => quantile(0.5, undefined, { accuracy })).toThrow(
    `quantile: accuracy must be from 0.0001 to 0.5, got ${accuracy}`,
  )
})

test('refuses what is no finite number, and what is no function', () => {
  const aggregate = quantile(0.5)
  expect(() => aggregate.add(aggregate.create(), Infinity, 0)).toThrow('quantile: expected a finite number')
  // @ts-expect-error: no function
  expect(() => quantile(0.5, 'millis')).toThrow("quantile: expected a function of the value, got 'millis'")
})
