import { expect, test } from 'vitest'
import { sum } from './sum.ts'

function sumOf(values: readonly number[]): number {
  const aggregate = sum()
  return aggregate.result(values.reduce((sum, value) => aggregate.add(sum, value, 0), aggregate.create()))
}

test.each([
  { values: [], expected: 0 },
  { values: [1, 2, 3], expected: 6 },
  { values: [-5, 5], expected: 0 },
  { values: [-0], expected: 0 },
  // What adding one after the other would round on the way.
  { values: [0.1, 0.2, 0.3], expected: 0.6 },
  { values: Array<number>(10).fill(0.1), expected: 1 },
  { values: [2 ** 53, 1, 1], expected: 2 ** 53 + 2 },
  { values: [1e16, 1, 1e-16, -1e16], expected: 1 },
  { values: [1e300, 1, 1e-300, -1e300, -1], expected: 1e-300 },
  // Half a step: to the even neighbour, unless anything tips the balance.
  { values: [2 ** 53, 1], expected: 2 ** 53 },
  { values: [2 ** 53, 1, 2 ** -60], expected: 2 ** 53 + 2 },
  { values: [2 ** 53 + 2, 1, -(2 ** -60)], expected: 2 ** 53 + 2 },
  { values: [2 ** 53 + 2, 1], expected: 2 ** 53 + 4 },
])('the sum of $values is $expected', ({ values, expected }) => {
  expect(sumOf(values)).toBe(expected)
  expect(sumOf(values.toReversed())).toBe(expected)
})

test('adds what the function says, and takes it back without a residue', () => {
  const aggregate = sum((hit: { price: number }) => hit.price)
  let accumulator = aggregate.create()
  for (const price of [0.1, 1e20, 0.2]) accumulator = aggregate.add(accumulator, { price }, 0)
  accumulator = aggregate.retract(accumulator, { price: 1e20 }, 0)
  expect(aggregate.result(accumulator)).toBe(0.1 + 0.2)
  accumulator = aggregate.retract(accumulator, { price: 0.1 }, 0)
  expect(aggregate.result(accumulator)).toBe(0.2)
})

test.each([
  [Number.NaN, 'NaN'],
  [Infinity, 'Infinity'],
  ['7', "'7'"],
  [undefined, 'undefined'],
  [null, 'null'],
  [7n, '7n'],
])('refuses %s, and to take it back', (value, shown) => {
  const aggregate = sum(() => value as number)
  const error = { code: 'invalid-argument', message: `sum: expected a finite number, got ${shown}` }
  expect(() => aggregate.add(aggregate.create(), 1, 0)).toThrow(expect.objectContaining(error))
  expect(() => aggregate.retract(aggregate.create(), 1, 0)).toThrow(expect.objectContaining(error))
})

test('refuses a sum that is no number any more', () => {
  expect(() => sumOf([1.7e308, 1.7e308])).toThrow('sum: expected a sum of at most 1.8e308 in magnitude, got Infinity')
})

test('refuses what is no function', () => {
  // @ts-expect-error: no function
  expect(() => sum('bytes')).toThrow("sum: expected a function of the value, got 'bytes'")
})
