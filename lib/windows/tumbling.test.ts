import { expect, test } from 'vitest'
import { TidemarkError } from '../errors.ts'
import { tumbling } from './tumbling.ts'

test.each([
  // The last millisecond belongs, the end opens the next window.
  { size: 5_000, offset: 0, time: 0, window: [0, 5_000] },
  { size: 5_000, offset: 0, time: 4_999, window: [0, 5_000] },
  { size: 5_000, offset: 0, time: 5_000, window: [5_000, 10_000] },
  // Before the epoch.
  { size: 5_000, offset: 0, time: -1, window: [-5_000, 0] },
  { size: 5_000, offset: 0, time: -5_000, window: [-5_000, 0] },
  { size: 5_000, offset: 0, time: -5_001, window: [-10_000, -5_000] },
  // An offset lets a window straddle the epoch.
  { size: 10, offset: 5, time: 1, window: [-5, 5] },
  { size: 10, offset: 5, time: 4, window: [-5, 5] },
  { size: 10, offset: 5, time: 5, window: [5, 15] },
  { size: 10, offset: 5, time: 100, window: [95, 105] },
  { size: 10, offset: -5, time: 4, window: [-5, 5] },
  { size: '1d', offset: '-8h', time: 1_470_902_048_450, window: [1_470_844_800_000, 1_470_931_200_000] },
  // One millisecond, and the ends of what a Date can hold.
  { size: 1, offset: 0, time: 7, window: [7, 8] },
  { size: '1d', offset: 0, time: 8.64e15, window: [8.64e15, 8.64e15 + 86_400_000] },
  { size: '1d', offset: 0, time: -8.64e15, window: [-8.64e15, -8.64e15 + 86_400_000] },
])('$time in windows of $size, offset $offset', ({ size, offset, time, window: [start, end] }) => {
  expect(tumbling(size, { offset }).assign(time)).toStrictEqual([{ start, end }])
})

test('never says -0', () => {
  expect(tumbling(5, { offset: -0 }).assign(-0)).toStrictEqual([{ start: 0, end: 5 }])
  expect(tumbling(5).assign(-3)).toStrictEqual([{ start: -5, end: 0 }])
})

test('returns the very same array within a window', () => {
  const assigner = tumbling(10)
  const windows = assigner.assign(3)
  expect(assigner.assign(0)).toBe(windows)
  expect(assigner.assign(9)).toBe(windows)
  expect(assigner.assign(10)).toEqual([{ start: 10, end: 20 }])
  expect(assigner.assign(9)).toEqual(windows)
})

test.each([
  ['1h', {}, 'tumbling(1h)'],
  [90_000, { offset: '-30s' }, 'tumbling(1m30s, offset -30s)'],
])('has a name: %s, %o', (size, options, name) => {
  expect(tumbling(size, options).name).toBe(name)
})

test.each([
  [0, {}, 'invalid-argument', 'tumbling: size must be > 0, got 0'],
  [-1_000, {}, 'invalid-argument', 'tumbling: size must be > 0, got -1000'],
  [1e14 + 1, {}, 'invalid-argument', 'tumbling: size must be <= 100000000000000 ms, got 100000000000001'],
  [10, { offset: 10 }, 'invalid-argument', 'tumbling: |offset| must be < size, got 10'],
  ['1h', { offset: '-1h' }, 'invalid-argument', "tumbling: |offset| must be < size, got '-1h'"],
  [
    '1 hour',
    {},
    'invalid-duration',
    "tumbling: size: expected a whole number of milliseconds or a text like '90s' or '1h30m', got '1 hour'",
  ],
  [
    10,
    { offset: 0.5 },
    'invalid-duration',
    "tumbling: offset: expected a whole number of milliseconds or a text like '90s' or '1h30m', got 0.5",
  ],
])('refuses %s, %o', (size, options, code, message) => {
  expect(() => tumbling(size, options)).toThrow(TidemarkError)
  expect(() => tumbling(size, options)).toThrow(expect.objectContaining({ code, message }))
})
