import { expect, test } from 'vitest'
import { WindowCount } from './window-count.ts'

const window = (start: number, end: number): { start: number; end: number } => ({ start, end })

test('counts a window once, however many keys and late results it has', () => {
  const count = new WindowCount(10)
  for (const start of [0, 0, 5, 5, 0, 10, 5, 10]) count.add(window(start, start + 5))
  expect(count.total).toBe(3)
})

test('counts overlapping windows', () => {
  const count = new WindowCount(0)
  for (const start of [0, 5, 5, 10]) count.add(window(start, start + 20))
  expect(count.total).toBe(3)
})

test('holds no more windows than can still give a result', () => {
  const count = new WindowCount(10)
  for (let start = 0; start < 10_000; start += 5) {
    count.add(window(start, start + 5))
    expect(count.held).toBeLessThanOrEqual(3)
  }
  expect(count.total).toBe(2_000)
})
