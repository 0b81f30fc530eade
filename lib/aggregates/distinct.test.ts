import { expect, test } from 'vitest'
import { distinct } from './distinct.ts'
import type { Primitive } from './multiset.ts'

function distinctOf(values: readonly Primitive[]): Primitive[] {
  const aggregate = distinct<Primitive>()
  return aggregate.result(values.reduce((set, value) => aggregate.add(set, value, 0), aggregate.create()))
}

test.each<{ title: string; values: readonly Primitive[]; expected: readonly Primitive[] }>([
  { title: 'nothing', values: [], expected: [] },
  { title: 'each once, in ascending order', values: ['b', 'a', 'b', 'B'], expected: ['B', 'a', 'b'] },
  { title: 'numbers as numbers', values: [10, 9, -1, 10, Number.NaN, 9.5], expected: [-1, 9, 9.5, 10, Number.NaN] },
  {
    title: 'mixed types by type',
    values: [undefined, 'a', null, Number.NaN, 1, true, false, 2n, 1n],
    expected: [1n, 2n, false, true, 1, Number.NaN, null, 'a', undefined],
  },
  { title: 'the zeros as one', values: [-0, 0], expected: [0] },
])('$title', ({ values, expected }) => {
  expect(distinctOf(values)).toEqual(expected)
  expect(distinctOf(values.toReversed())).toEqual(expected)
})

test('merges and takes back', () => {
  const aggregate = distinct((hit: { host: string }) => hit.host)
  let accumulator = aggregate.create()
  for (const host of ['b', 'c', 'b']) accumulator = aggregate.add(accumulator, { host }, 0)
  accumulator = aggregate.merge(accumulator, aggregate.add(aggregate.create(), { host: 'a' }, 0))
  expect(aggregate.result(accumulator)).toEqual(['a', 'b', 'c'])
  accumulator = aggregate.retract(accumulator, { host: 'b' }, 0)
  expect(aggregate.result(accumulator)).toEqual(['a', 'b', 'c'])
  accumulator = aggregate.retract(accumulator, { host: 'b' }, 0)
  expect(aggregate.result(accumulator)).toEqual(['a', 'c'])
})

test('refuses objects, what is not there, and what is no function', () => {
  const aggregate = distinct(() => ({}) as unknown as string)
  expect(() => aggregate.add(aggregate.create(), 1, 0)).toThrow(
    'distinct: expected a text, number, bigint, boolean, null or undefined, got an object',
  )
  expect(() => distinct<string>().retract(new Map(), 'b', 0)).toThrow(
    "distinct: expected to take back a value that is there, got 'b'",
  )
  // @ts-expect-error: no function
  expect(() => distinct('host')).toThrow("distinct: expected a function of the value, got 'host'")
})
