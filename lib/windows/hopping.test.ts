import { expect, test } from 'vitest'
import { hopping } from './hopping.ts'

test.each([
  // The hop divides the size.
  { size: 10, hop: 5, offset: 0, time: 0, starts: [-5, 0] },
  { size: 10, hop: 5, offset: 0, time: 4, starts: [-5, 0] },
  { size: 10, hop: 5, offset: 0, time: 5, starts: [0, 5] },
  { size: 10, hop: 5, offset: 0, time: -1, starts: [-10, -5] },
  { size: '10s', hop: '5s', offset: 0, time: 10_000, starts: [5_000, 10_000] },
  { size: 10, hop: 5, offset: 2, time: 1, starts: [-8, -3] },
  { size: 10, hop: 5, offset: 2, time: 2, starts: [-3, 2] },
  { size: 10, hop: 5, offset: 2, time: 11, starts: [2, 7] },
  { size: 5_000, hop: 1_000, offset: -100, time: 0, starts: [-4_100, -3_100, -2_100, -1_100, -100] },
  { size: 5_000, hop: 1_000, offset: -100, time: 4_899, starts: [-100, 900, 1_900, 2_900, 3_900] },
  { size: 5_000, hop: 1_000, offset: -100, time: 4_900, starts: [900, 1_900, 2_900, 3_900, 4_900] },
  { size: 5_000, hop: 1_000, offset: 500, time: 100, starts: [-4_500, -3_500, -2_500, -1_500, -500] },
  // It does not: the number of windows changes within a hop.
  { size: 7, hop: 5, offset: 0, time: 1, starts: [-5, 0] },
  { size: 7, hop: 5, offset: 0, time: 2, starts: [0] },
  { size: 7, hop: 5, offset: 0, time: 4, starts: [0] },
  { size: 7, hop: 5, offset: 0, time: 5, starts: [0, 5] },
  { size: 6, hop: 5, offset: 0, time: 5, starts: [0, 5] },
  { size: 6, hop: 5, offset: 0, time: 6, starts: [5] },
  { size: 10, hop: 4, offset: 0, time: -3, starts: [-12, -8, -4] },
  { size: 10, hop: 4, offset: 0, time: -1, starts: [-8, -4] },
  { size: 10, hop: 4, offset: 0, time: 0, starts: [-8, -4, 0] },
  { size: 10, hop: 4, offset: 0, time: 9, starts: [0, 4, 8] },
  // The hop is longer than the size: gaps.
  { size: 3, hop: 10, offset: 0, time: 0, starts: [0] },
  { size: 3, hop: 10, offset: 0, time: 2, starts: [0] },
  { size: 3, hop: 10, offset: 0, time: 3, starts: [] },
  { size: 3, hop: 10, offset: 0, time: 9, starts: [] },
  { size: 3, hop: 10, offset: 0, time: 10, starts: [10] },
  { size: 3, hop: 10, offset: 0, time: -1, starts: [] },
  { size: 3, hop: 10, offset: 0, time: -8, starts: [-10] },
  { size: 3, hop: 10, offset: -9, time: 3, starts: [1] },
  // They are equal: tumbling.
  { size: 5, hop: 5, offset: 0, time: 7, starts: [5] },
])('$time in windows of $size every $hop, offset $offset', ({ size, hop, offset, time, starts }) => {
  const length = size === '10s' ? 10_000 : Number(size)
  expect(hopping(size, hop, { offset }).assign(time)).toStrictEqual(
    starts.map((start) => ({ start, end: start + length })),
  )
})

test('returns the very same array until a window starts or ends', () => {
  const assigner = hopping(7, 5)
  const windows = assigner.assign(1)
  expect(assigner.assign(0)).toBe(windows)
  expect(assigner.assign(2)).not.toEqual(windows)
  const later = assigner.assign(4)
  expect(assigner.assign(2)).toBe(later)
  expect(assigner.assign(5)).not.toEqual(later)
})

test.each([
  ['1h', '5m', {}, 'hopping(1h, 5m)'],
  ['1h', '1h', { offset: 1 }, 'hopping(1h, 1h, offset 1ms)'],
])('has a name: %s, %s, %o', (size, hop, options, name) => {
  expect(hopping(size, hop, options).name).toBe(name)
})

test.each([
  [-2_000, 1_000, {}, 'invalid-argument', 'hopping: size must be > 0, got -2000'],
  [2_000, -1_000, {}, 'invalid-argument', 'hopping: hop must be > 0, got -1000'],
  [2_000, 0, {}, 'invalid-argument', 'hopping: hop must be > 0, got 0'],
  [1, 1e15, {}, 'invalid-argument', 'hopping: hop must be <= 100000000000000 ms, got 1000000000000000'],
  [10, 5, { offset: 5 }, 'invalid-argument', 'hopping: |offset| must be < hop, got 5'],
  [10, 5, { offset: -5 }, 'invalid-argument', 'hopping: |offset| must be < hop, got -5'],
  [
    '1h',
    'x',
    {},
    'invalid-duration',
    "hopping: hop: expected a whole number of milliseconds or a text like '90s' or '1h30m', got 'x'",
  ],
])('refuses %s, %s, %o', (size, hop, options, code, message) => {
  expect(() => hopping(size, hop, options)).toThrow(expect.objectContaining({ code, message }))
})
