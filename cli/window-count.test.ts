import { expect, test } from 'vitest'
import { WindowCount } from './window-count.ts'

const tumbling = { kind: 'tumbling', size: 5 } as const

const result = (
  start: number,
  end: number,
  isFirst = true,
  diff: 1 | -1 = 1,
  timing: 'early' | 'on-time' = 'on-time',
): Parameters<WindowCount['add']>[0] => ({
  window: { start, end },
  timing,
  isFirst,
  diff,
})

test('counts a window once, however many keys and late results it has', () => {
  const count = new WindowCount({ allowedLateness: 10, window: tumbling })
  for (const start of [0, 0, 5, 5, 0, 10, 5, 10]) count.add(result(start, start + 5))
  expect(count.total).toBe(3)
})

test('counts overlapping windows, and those that start together', () => {
  const count = new WindowCount({ allowedLateness: 0, window: tumbling })
  for (const start of [0, 5, 5, 10]) count.add(result(start, start + 20))
  expect(count.total).toBe(3)
  for (const end of [40, 45, 50]) count.add(result(40, end))
  expect(count.total).toBe(6)
})

test('counts a window once that had a result before it was complete', () => {
  const count = new WindowCount({ allowedLateness: 0, window: tumbling })
  for (const timing of ['early', 'on-time'] as const)
    for (const start of [0, 5]) count.add(result(start, start + 5, true, 1, timing))
  expect([count.total, count.held]).toEqual([2, 1])
})

test('counts the windows of each key, where each has its own', () => {
  const count = new WindowCount({ allowedLateness: 0, window: { kind: 'session', gap: 5 } })
  for (const each of [result(0, 5), result(0, 5), result(0, 5, false), result(0, 5, true, -1)]) count.add(each)
  expect(count.total).toBe(2)
})

test('holds no more windows than can still give a result', () => {
  const count = new WindowCount({ allowedLateness: 10, window: tumbling })
  for (let start = 0; start < 10_000; start += 5) {
    count.add(result(start, start + 5))
    expect(count.held).toBeLessThanOrEqual(3)
  }
  expect(count.total).toBe(2_000)
})
