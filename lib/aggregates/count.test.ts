import { expect, test } from 'vitest'
import { count } from './count.ts'

test('counts, merges and takes back', () => {
  const aggregate = count()
  let accumulator = aggregate.create()
  expect(aggregate.result(accumulator)).toBe(0)
  for (const value of ['a', 'b', undefined]) accumulator = aggregate.add(accumulator, value, 0)
  expect(aggregate.result(accumulator)).toBe(3)
  accumulator = aggregate.merge(accumulator, aggregate.add(aggregate.create(), 'c', 0))
  expect(aggregate.result(accumulator)).toBe(4)
  expect(aggregate.result(aggregate.retract(accumulator, 'a', 0))).toBe(3)
})
