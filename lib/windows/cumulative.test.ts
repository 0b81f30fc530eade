import { expect, test } from 'vitest'
import { window } from '../../operators/window.ts'
import { runMarbles } from '../../testing/run-marbles.ts'
import { sum } from '../aggregates/sum.ts'
import { cumulative } from './cumulative.ts'

test.each([
  // Those of its 10 that have not ended before it.
  {
    size: 10,
    step: 5,
    offset: 0,
    time: 0,
    windows: [
      [0, 5],
      [0, 10],
    ],
  },
  {
    size: 10,
    step: 5,
    offset: 0,
    time: 4,
    windows: [
      [0, 5],
      [0, 10],
    ],
  },
  { size: 10, step: 5, offset: 0, time: 5, windows: [[0, 10]] },
  { size: 10, step: 5, offset: 0, time: 9, windows: [[0, 10]] },
  {
    size: 10,
    step: 5,
    offset: 0,
    time: 10,
    windows: [
      [10, 15],
      [10, 20],
    ],
  },
  // Before the epoch.
  { size: 10, step: 5, offset: 0, time: -1, windows: [[-10, 0]] },
  {
    size: 10,
    step: 5,
    offset: 0,
    time: -6,
    windows: [
      [-10, -5],
      [-10, 0],
    ],
  },
  {
    size: 10,
    step: 5,
    offset: 0,
    time: -10,
    windows: [
      [-10, -5],
      [-10, 0],
    ],
  },
  // Moved.
  { size: 9, step: 3, offset: 1, time: 0, windows: [[-8, 1]] },
  {
    size: 9,
    step: 3,
    offset: 1,
    time: 1,
    windows: [
      [1, 4],
      [1, 7],
      [1, 10],
    ],
  },
  { size: 9, step: 3, offset: -8, time: 0, windows: [[-8, 1]] },
  {
    size: 9,
    step: 3,
    offset: -8,
    time: 6,
    windows: [
      [1, 7],
      [1, 10],
    ],
  },
  { size: 9, step: 3, offset: 8, time: 7, windows: [[-1, 8]] },
  // As tumbling.
  { size: 5, step: 5, offset: 0, time: 7, windows: [[5, 10]] },
  // The ends of what a Date can hold.
  {
    size: '1d',
    step: '12h',
    offset: 0,
    time: -8.64e15,
    windows: [
      [-8.64e15, -8.64e15 + 43_200_000],
      [-8.64e15, -8.64e15 + 86_400_000],
    ],
  },
  { size: '1d', step: '12h', offset: 0, time: 8.64e15 - 1, windows: [[8.64e15 - 86_400_000, 8.64e15]] },
])('$time in windows of $size by $step, offset $offset', ({ size, step, offset, time, windows }) => {
  expect(cumulative(size, step, { offset }).assign(time)).toStrictEqual(windows.map(([start, end]) => ({ start, end })))
})

test('as a series has the same windows, numbered in the order of their ends', () => {
  for (const offset of [0, 4, -7]) {
    const { series, assign } = cumulative(12, 4, { offset })
    let last = -Infinity
    for (let number = -9; number <= 9; number++) {
      const { start, end } = series.window(number)
      expect(end).toBeGreaterThan(last)
      last = end
      expect([(start - offset) % 12, (end - offset) % 4].map(Math.abs)).toEqual([0, 0])
    }
    for (let time = -30; time <= 30; time++) {
      const { start, end, first, last: until } = series.slice(time)
      expect(start <= time && time < end).toBe(true)
      const windows = Array.from({ length: until - first + 1 }, (_, i) => series.window(first + i))
      expect(windows).toStrictEqual(assign(time))
      // Neighbours do not belong to the same windows.
      expect(assign(start - 1)).not.toEqual(windows)
      expect(assign(end)).not.toEqual(windows)
    }
  }
})

test('returns the very same array until a window starts or ends', () => {
  const assigner = cumulative(10, 5)
  const windows = assigner.assign(1)
  expect(assigner.assign(4)).toBe(windows)
  expect(assigner.assign(5)).not.toEqual(windows)
})

test('gives the total so far at every step, and begins anew', async () => {
  const { actual, expected } = await runMarbles<number>(
    `
    in   1@1  2@6  4@3  ~5       ~10       8@12  16@21  |
    out                 [0,5)=5  [0,10)=7               [10,15)=8&[10,20)=8&[20,25)=16&[20,30)=16
    `,
    ({ in: source }) => ({ out: source.pipe(window(cumulative(10, 5), sum())) }),
  )
  expect(actual).toBe(expected)
})

test.each([
  ['1d', '1h', {}, 'cumulative(1d, 1h)'],
  ['1h', '1h', { offset: '-5m' }, 'cumulative(1h, 1h, offset -5m)'],
])('has a name: %s, %s, %o', (size, step, options, name) => {
  expect(cumulative(size, step, options).name).toBe(name)
})

test.each([
  [0, 1, {}, 'invalid-argument', 'cumulative: size must be > 0, got 0'],
  [10, -5, {}, 'invalid-argument', 'cumulative: step must be > 0, got -5'],
  [10, 3, {}, 'invalid-argument', 'cumulative: size must be a multiple of step, got 10 and 3'],
  ['1h', '2h', {}, 'invalid-argument', "cumulative: size must be a multiple of step, got '1h' and '2h'"],
  [1e15, 1, {}, 'invalid-argument', 'cumulative: size must be <= 100000000000000 ms, got 1000000000000000'],
  [10, 5, { offset: 10 }, 'invalid-argument', 'cumulative: |offset| must be < size, got 10'],
  ['1d', '1h', { offset: '-1d' }, 'invalid-argument', "cumulative: |offset| must be < size, got '-1d'"],
  [
    10,
    'x',
    {},
    'invalid-duration',
    "cumulative: step: expected a whole number of milliseconds or a text like '90s' or '1h30m', got 'x'",
  ],
  [
    10,
    5,
    { offset: 0.5 },
    'invalid-duration',
    "cumulative: offset: expected a whole number of milliseconds or a text like '90s' or '1h30m', got 0.5",
  ],
])('refuses %s, %s, %o', (size, step, options, code, message) => {
  expect(() => cumulative(size, step, options)).toThrow(expect.objectContaining({ code, message }))
})
