import { expect, test } from 'vitest'
import type { Comparable } from './extreme.ts'
import { max } from './max.ts'

test.each<{ values: readonly Comparable[]; expected: Comparable | undefined }>([
  { values: [], expected: undefined },
  { values: [7], expected: 7 },
  { values: [3, 1, 2, 3], expected: 3 },
  { values: [5, Infinity], expected: Infinity },
  { values: ['B', 'a', 'b'], expected: 'b' },
  { values: [2n ** 70n, -1n], expected: 2n ** 70n },
  // The zeros are equal; which came first must not show.
  { values: [0, -0], expected: 0 },
  { values: [-0, 0], expected: 0 },
])('the max of $values is $expected', ({ values, expected }) => {
  const aggregate = max<Comparable>()
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
  const aggregate = max((hit: { host: string }) => hit.host)
  expect(aggregate.result(aggregate.add(aggregate.create(), { host: 'a' }, 0))).toBe('a')
})

test.each([
  [Number.NaN, 'NaN'],
  [undefined, 'undefined'],
  [true, 'true'],
  [new Date(0), 'the Date 1970-01-01T00:00:00.000Z'],
])('refuses %s', (value, shown) => {
  const aggregate = max(() => value as number)
  expect(() => aggregate.add(aggregate.create(), 1, 0)).toThrow(
    expect.objectContaining({
      code: 'invalid-argument',
      message: `max: expected a number, a text or a bigint, got ${shown}`,
    }),
  )
})

test('refuses kinds mixed, for which there is no order', () => {
  const aggregate = max<Comparable>()
  const one = aggregate.add(aggregate.create(), 12, 0)
  const message = "max: expected values of one kind, got '-' beside 12"
  expect(() => aggregate.add(one, '-', 0)).toThrow(message)
  expect(() => aggregate.merge(one, aggregate.add(aggregate.create(), '-', 0))).toThrow(message)
})

test('refuses what is no function', () => {
  // @ts-expect-error: no function
  expect(() => max(5)).toThrow('max: expected a function of the value, got 5')
})

test('takes nothing back', () => {
  expect(max()).not.toHaveProperty('retract')
})
