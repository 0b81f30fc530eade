import { expect, test } from 'vitest'
import type { Comparable } from './extreme.ts'
import { min } from './min.ts'

test.each<{ values: readonly Comparable[]; expected: Comparable | undefined }>([
  { values: [], expected: undefined },
  { values: [7], expected: 7 },
  { values: [3, 1, 2], expected: 1 },
  { values: [5, -Infinity], expected: -Infinity },
  { values: ['b', 'a', 'B'], expected: 'B' },
  { values: [2n ** 70n, -1n], expected: -1n },
  // The zeros are equal; which came first must not show.
  { values: [0, -0], expected: 0 },
  { values: [-0, 0], expected: 0 },
])('the min of $values is $expected', ({ values, expected }) => {
  const aggregate = min<Comparable>()
  const added = values.reduce<Comparable | undefined>(
    (best, value) => aggregate.add(best, value, 0),
    aggregate.create(),
  )
  expect(aggregate.result(added)).toBe(expected)

  const parts = values.map((value) => aggregate.add(aggregate.create(), value, 0))
  const merged = parts.reduce((into, from) => aggregate.merge(into, from), aggregate.create())
  expect(aggregate.result(aggregate.merge(merged, aggregate.create()))).toBe(expected)
})

test('compares what the function says', () => {
  const aggregate = min((hit: { host: string }) => hit.host)
  expect(aggregate.result(aggregate.add(aggregate.create(), { host: 'a' }, 0))).toBe('a')
})

test.each([
  [Number.NaN, 'NaN'],
  [undefined, 'undefined'],
  [true, 'true'],
  [new Date(0), 'the Date 1970-01-01T00:00:00.000Z'],
])('refuses %s', (value, shown) => {
  const aggregate = min(() => value as number)
  expect(() => aggregate.add(aggregate.create(), 1, 0)).toThrow(
    expect.objectContaining({
      code: 'invalid-argument',
      message: `min: expected a number, a text or a bigint, got ${shown}`,
    }),
  )
})

test('refuses kinds mixed, for which there is no order', () => {
  const aggregate = min<Comparable>()
  const one = aggregate.add(aggregate.create(), 12, 0)
  const message = "min: expected values of one kind, got '-' beside 12"
  expect(() => aggregate.add(one, '-', 0)).toThrow(message)
  expect(() => aggregate.merge(one, aggregate.add(aggregate.create(), '-', 0))).toThrow(message)
})

test('refuses what is no function', () => {
  // @ts-expect-error: no function
  expect(() => min(5)).toThrow('min: expected a function of the value, got 5')
})

test('takes nothing back', () => {
  expect(min()).not.toHaveProperty('retract')
})
