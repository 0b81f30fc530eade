import { expect, test } from 'vitest'
import type { WindowSeries } from '../window.ts'
import { timeWindows } from './time-windows.ts'

test('asks the series once for all times of a slice', () => {
  const asked: string[] = []
  const series: WindowSeries = {
    window(number) {
      asked.push(`window ${number}`)
      return { start: number * 5, end: number * 5 + 10 }
    },
    slice(time) {
      asked.push(`slice ${time}`)
      const last = Math.floor(time / 5)
      return { start: last * 5, end: last * 5 + 5, first: last - 1, last }
    },
  }
  const windows = timeWindows('mine', series)
  expect(windows).toMatchObject({ name: 'mine', series })
  const first = windows.assign(7)
  expect(first).toEqual([
    { start: 0, end: 10 },
    { start: 5, end: 15 },
  ])
  expect([windows.assign(5), windows.assign(9)]).toEqual([first, first])
  expect(windows.assign(9)).toBe(first)
  expect(asked).toEqual(['slice 7', 'window 0', 'window 1'])
  // Right before the slice, and at its end.
  expect(windows.assign(4)).toEqual([
    { start: -5, end: 5 },
    { start: 0, end: 10 },
  ])
  expect(windows.assign(5)).toEqual(first)
  windows.assign(10)
  expect(asked.filter((question) => question.startsWith('slice'))).toEqual([
    'slice 7',
    'slice 4',
    'slice 5',
    'slice 10',
  ])
})

test('has no windows in a gap', () => {
  const windows = timeWindows('gaps', {
    window: (number) => ({ start: number * 10, end: number * 10 + 5 }),
    slice(time) {
      const number = Math.floor(time / 10)
      return time - number * 10 < 5
        ? { start: number * 10, end: number * 10 + 5, first: number, last: number }
        : { start: number * 10 + 5, end: number * 10 + 10, first: number + 1, last: number }
    },
  })
  expect([windows.assign(4), windows.assign(5), windows.assign(-1)]).toEqual([[{ start: 0, end: 5 }], [], []])
})
