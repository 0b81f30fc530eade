import { expect, test } from 'vitest'
import { batchWindows, type WindowGrid } from './batch-windows.ts'

const at = (...times: number[]): { value: string; time: number; delay: number }[] =>
  times.map((time) => ({ value: time % 2 === 0 ? 'even' : 'odd', time, delay: 0 }))

test.each<[string, WindowGrid, number[], [number, number, number][]]>([
  ['no events', { size: 5 }, [], []],
  [
    'tumbling: the end belongs to the next',
    { size: 5 },
    [-1, 0, 4, 5],
    [
      [-5, 0, 1],
      [0, 5, 2],
      [5, 10, 1],
    ],
  ],
  [
    'hopping, also before 0',
    { size: 4, hop: 2 },
    [1],
    [
      [-2, 2, 1],
      [0, 4, 1],
    ],
  ],
  [
    'with gaps',
    { size: 2, hop: 5 },
    [1, 2, 4, 5],
    [
      [0, 2, 1],
      [5, 7, 1],
    ],
  ],
  [
    'with an offset',
    { size: 5, offset: -2 },
    [2, 3],
    [
      [-2, 3, 1],
      [3, 8, 1],
    ],
  ],
  [
    'durations',
    { size: '1s', hop: '500ms' },
    [700],
    [
      [0, 1000, 1],
      [500, 1500, 1],
    ],
  ],
])('%s', (_, grid, times, expected) => {
  const results = batchWindows(at(...times), { ...grid, keyOf: () => 'all', resultOf: (events) => events.length })
  expect(results.map(({ window, value }) => [window.start, window.end, value])).toEqual(expected)
})

test('groups by key, sorts by window and key, and leaves events in the order of arrival', () => {
  const results = batchWindows(at(7, 3, 2, 1), {
    size: 5,
    keyOf: (value) => value,
    resultOf: (events) => events.map(({ time }) => time),
  })
  expect(results).toEqual([
    { key: 'even', window: { start: 0, end: 5 }, value: [2] },
    { key: 'odd', window: { start: 0, end: 5 }, value: [3, 1] },
    { key: 'odd', window: { start: 5, end: 10 }, value: [7] },
  ])
})
