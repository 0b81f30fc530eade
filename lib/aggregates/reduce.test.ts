import { expect, test } from 'vitest'
import { reduce } from './reduce.ts'

test('combines, and merges', () => {
  const aggregate = reduce((a: number, b: number) => a * b)
  const product = (...values: readonly number[]) =>
    values.reduce((reduced, value) => aggregate.add(reduced, value, 0), aggregate.create())
  expect(aggregate.result(product())).toBeUndefined()
  expect(aggregate.result(product(2))).toBe(2)
  expect(aggregate.result(product(2, 3, 5))).toBe(30)
  expect(aggregate.result(aggregate.merge(product(2, 3), product(5)))).toBe(30)
  expect(aggregate.result(aggregate.merge(product(), product(5)))).toBe(5)
  expect(aggregate.result(aggregate.merge(product(5), product()))).toBe(5)
})

test('a value that is undefined is a value', () => {
  const aggregate = reduce<number | undefined>((a, b) => a ?? b)
  const accumulator = aggregate.add(aggregate.create(), undefined, 0)
  expect(aggregate.result(aggregate.add(accumulator, 3, 0))).toBe(3)
})

test('each accumulator begins anew', () => {
  const aggregate = reduce((a: string, b: string) => a + b)
  aggregate.add(aggregate.add(aggregate.create(), 'a', 0), 'b', 0)
  expect(aggregate.result(aggregate.add(aggregate.create(), 'c', 0))).toBe('c')
})

test('refuses what is no function', () => {
  // @ts-expect-error: no function
  expect(() => reduce('+')).toThrow("reduce: expected a function of two values, got '+'")
})
