import { expect, test } from 'vitest'
import { avg } from './avg.ts'

test('averages, merges and takes back', () => {
  const aggregate = avg((hit: { millis: number }) => hit.millis)
  let accumulator = aggregate.create()
  expect(aggregate.result(accumulator)).toBeUndefined()
  for (const millis of [1, 2, 6]) accumulator = aggregate.add(accumulator, { millis }, 0)
  expect(aggregate.result(accumulator)).toBe(3)
  accumulator = aggregate.merge(accumulator, aggregate.add(aggregate.create(), { millis: 11 }, 0))
  expect(aggregate.result(accumulator)).toBe(5)
  accumulator = aggregate.retract(accumulator, { millis: 2 }, 0)
  expect(aggregate.result(accumulator)).toBe(6)
})

test('is undefined again when all has been taken back', () => {
  const aggregate = avg()
  const accumulator = aggregate.retract(aggregate.add(aggregate.create(), 0.1, 0), 0.1, 0)
  expect(aggregate.result(accumulator)).toBeUndefined()
})

test('rounds the sum once', () => {
  const aggregate = avg()
  const accumulator = [0.1, 0.2, 0.3].reduce((mean, value) => aggregate.add(mean, value, 0), aggregate.create())
  expect(aggregate.result(accumulator)).toBe(0.6 / 3)
})

test('refuses what is no finite number', () => {
  const aggregate = avg()
  const error = { code: 'invalid-argument', message: 'avg: expected a finite number, got NaN' }
  expect(() => aggregate.add(aggregate.create(), Number.NaN, 0)).toThrow(expect.objectContaining(error))
  expect(() => aggregate.retract(aggregate.create(), Number.NaN, 0)).toThrow(expect.objectContaining(error))
})

test('refuses what is no function', () => {
  // @ts-expect-error: no function
  expect(() => avg(5)).toThrow('avg: expected a function of the value, got 5')
})
