import { expect, test } from 'vitest'
import { approxCountDistinct } from './approx-count-distinct.ts'
import type { Primitive } from './multiset.ts'

test('is exact for a few values, and tells them apart as countDistinct does', () => {
  const aggregate = approxCountDistinct<Primitive>()
  const values = [1, '1', 1n, true, 'true', null, 'null', undefined, Number.NaN, Number.NaN, 0, -0, 0n]
  const sketch = values.reduce((all, value) => aggregate.add(all, value, 0), aggregate.create())
  expect(aggregate.result(sketch)).toBe(11)
  expect(aggregate.result(aggregate.create())).toBe(0)
})

test('holds what the error asks for, and less as long as values are few', () => {
  const aggregate = approxCountDistinct((hit: { host: number }) => hit.host, { standardError: 0.02 })
  const sketch = aggregate.create()
  for (let host = 0; host < 100; host += 1) aggregate.add(sketch, { host }, 0)
  expect(sketch.registers).toBeInstanceOf(Map)
  for (let host = 0; host < 100_000; host += 1) aggregate.add(sketch, { host }, 0)
  expect(sketch.registers).toBeInstanceOf(Uint8Array)
  // (1.04 / 0.02)^2 = 2,704
  expect(sketch.registers).toHaveLength(4_096)
})

test('is the same on every machine and in every version', () => {
  const aggregate = approxCountDistinct<Primitive>(undefined, { standardError: 0.25 })
  const sketch = aggregate.create()
  for (let i = 0; i < 1_000; i += 1) aggregate.add(sketch, i % 2 === 0 ? i : `v${i}`, 0)
  expect([...sketch.registers.values()].join(' ')).toBe(
    '7 7 4 3 6 7 5 6 6 3 7 6 6 6 6 8 5 10 9 5 4 4 7 7 9 4 13 8 3 7 13 5',
  )
})

test.each([
  [{ host: 'a' }, 'an object'],
  [Symbol('a'), 'Symbol(a)'],
])('refuses %o', (value, shown) => {
  const aggregate = approxCountDistinct(() => value as unknown as string)
  expect(() => aggregate.add(aggregate.create(), 1, 0)).toThrow(
    expect.objectContaining({
      code: 'invalid-key',
      message: `approxCountDistinct: expected a text, number, bigint, boolean, null or undefined, got ${shown}`,
    }),
  )
})

test.each([0, 0.0024, 0.26, 1, Number.NaN])('refuses the standard error %o', (standardError) => {
  expect(() => approxCountDistinct(undefined, { standardError })).toThrow(
    expect.objectContaining({
      code: 'invalid-argument',
      message: `approxCountDistinct: standardError must be from 0.0025 to 0.25, got ${standardError}`,
    }),
  )
})

test('refuses what is no function', () => {
  // @ts-expect-error: no function
  expect(() => approxCountDistinct('host')).toThrow("approxCountDistinct: expected a function of the value, got 'host'")
})

test('takes nothing back', () => {
  expect(approxCountDistinct()).not.toHaveProperty('retract')
})
