import fc from 'fast-check'
import { expect, test } from 'vitest'
import { histogram } from './histogram.ts'

function countsOf(bounds: readonly number[], values: readonly number[]): readonly number[] {
  const aggregate = histogram(bounds)
  return aggregate.result(values.reduce((counts, x) => aggregate.add(counts, x, 0), aggregate.create())).counts
}

test.each<{ value: number; counts: readonly number[] }>([
  { value: -1e308, counts: [1, 0, 0, 0] },
  { value: 9.999, counts: [1, 0, 0, 0] },
  { value: 10, counts: [0, 1, 0, 0] },
  { value: 19, counts: [0, 1, 0, 0] },
  { value: 20, counts: [0, 0, 1, 0] },
  { value: 29.5, counts: [0, 0, 1, 0] },
  { value: 30, counts: [0, 0, 0, 1] },
  { value: 1e308, counts: [0, 0, 0, 1] },
])('$value between 10, 20 and 30 is counted as $counts', ({ value, counts }) => {
  expect(countsOf([10, 20, 30], [value])).toEqual(counts)
})

test('the zeros are equal', () => {
  expect(countsOf([0], [0, -0])).toEqual([0, 2])
  expect(countsOf([-0], [0, -0])).toEqual([0, 2])
})

test('counts as filters do', () => {
  const number = fc.integer({ min: -20, max: 20 })
  const bounds = fc.uniqueArray(number, { minLength: 1 }).map((some) => some.toSorted((a, b) => a - b))
  fc.assert(
    fc.property(bounds, fc.array(number), (some, values) => {
      const edges = [-Infinity, ...some, Infinity]
      const expected = edges.slice(1).map((until, i) => values.filter((x) => x >= (edges[i] ?? 0) && x < until).length)
      expect(countsOf(some, values)).toEqual(expected)
    }),
  )
})

test('hands out the bounds, and counts of its own each time', () => {
  const bounds = [1, 2]
  const aggregate = histogram(bounds, (hit: { millis: number }) => hit.millis)
  bounds.push(3)
  const counts = aggregate.create()
  const before = aggregate.result(counts)
  aggregate.add(counts, { millis: 1 }, 0)
  expect(before).toEqual({ bounds: [1, 2], counts: [0, 0, 0] })
  expect(aggregate.result(counts)).toEqual({ bounds: [1, 2], counts: [0, 1, 0] })
})

test('refuses to take back what is not there', () => {
  const aggregate = histogram([0])
  const counts = aggregate.add(aggregate.create(), 1, 0)
  expect(() => aggregate.retract(counts, -1, 0)).toThrow(
    expect.objectContaining({
      code: 'unsupported',
      message: 'histogram: expected to take back a value that is there, got -1',
    }),
  )
})

test.each([
  [[], 'expected an array of bounds, got none'],
  [10, 'expected an array of bounds, got 10'],
  [[1, 1], 'expected bounds in ascending order, got 1 behind 1'],
  [[1, 3, 2], 'expected bounds in ascending order, got 2 behind 3'],
  [[0, Number.NaN], 'expected a finite number, got NaN'],
  [[0, Infinity], 'expected a finite number, got Infinity'],
  [['1'], "expected a finite number, got '1'"],
])('refuses the bounds %o', (bounds, message) => {
  expect(() => histogram(bounds as number[])).toThrow(
    expect.objectContaining({ code: 'invalid-argument', message: `histogram: ${message}` }),
  )
})

test('refuses what is no finite number, and what is no function', () => {
  const aggregate = histogram([0])
  expect(() => aggregate.add(aggregate.create(), Number.NaN, 0)).toThrow('histogram: expected a finite number, got NaN')
  // @ts-expect-error: no function
  expect(() => histogram([0], 'millis')).toThrow("histogram: expected a function of the value, got 'millis'")
})
