import { expect, test } from 'vitest'
import { countDistinct } from './count-distinct.ts'

test('counts each value once, merges and takes back', () => {
  const aggregate = countDistinct((hit: { host: string }) => hit.host)
  let accumulator = aggregate.create()
  expect(aggregate.result(accumulator)).toBe(0)
  for (const host of ['a', 'b', 'a', 'a']) accumulator = aggregate.add(accumulator, { host }, 0)
  expect(aggregate.result(accumulator)).toBe(2)

  let other = aggregate.create()
  for (const host of ['a', 'c', 'd', 'd']) other = aggregate.add(other, { host }, 0)
  accumulator = aggregate.merge(accumulator, other)
  expect(aggregate.result(accumulator)).toBe(4)

  // 'a' is there four times, 'd' twice, the others once.
  const counts: number[] = []
  for (const host of ['a', 'b', 'a', 'd', 'a', 'a', 'd', 'c']) {
    accumulator = aggregate.retract(accumulator, { host }, 0)
    counts.push(aggregate.result(accumulator))
  }
  expect(counts).toEqual([4, 3, 3, 3, 3, 2, 1, 0])
})

test('tells values of different types apart, but not the zeros', () => {
  const aggregate = countDistinct<string | number | bigint | boolean | null | undefined>()
  const values = [1, '1', 1n, true, 'true', null, 'null', undefined, Number.NaN, Number.NaN, 0, -0, 0n]
  expect(aggregate.result(values.reduce((set, value) => aggregate.add(set, value, 0), aggregate.create()))).toBe(11)
})

test.each([
  [{ host: 'a' }, 'an object'],
  [['a'], 'an array of 1'],
  [() => 'a', 'a function'],
  [Symbol('a'), 'Symbol(a)'],
])('refuses %o, which a map would not find again', (value, shown) => {
  const aggregate = countDistinct(() => value as unknown as string)
  expect(() => aggregate.add(aggregate.create(), 1, 0)).toThrow(
    expect.objectContaining({
      code: 'invalid-key',
      message: `countDistinct: expected a text, number, bigint, boolean, null or undefined, got ${shown}`,
    }),
  )
})

test('refuses to take back what is not there', () => {
  const aggregate = countDistinct<string>()
  const accumulator = aggregate.add(aggregate.create(), 'a', 0)
  expect(() => aggregate.retract(accumulator, 'b', 0)).toThrow(
    expect.objectContaining({
      code: 'unsupported',
      message: "countDistinct: expected to take back a value that is there, got 'b'",
    }),
  )
})

test('refuses what is no function', () => {
  // @ts-expect-error: no function
  expect(() => countDistinct('host')).toThrow("countDistinct: expected a function of the value, got 'host'")
})
