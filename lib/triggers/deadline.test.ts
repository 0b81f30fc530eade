import { expect, test } from 'vitest'
import { mergeDeadlines, nextMultiple, noDeadline } from './deadline.ts'

test.each([
  [5, 0, 5],
  [5, 4, 5],
  [5, 5, 10],
  [5, -1, 0],
  [5, -5, 0],
  [5, -6, -5],
  [1, 7, 8],
  [86_400_000, 1_600_000_000_123, 1_600_041_600_000],
])('the first multiple of %d after %d is %d', (step, time, multiple) => {
  expect(nextMultiple(step, time)).toBe(multiple)
})

test('of two deadlines the earlier one stays, in either order; none is later than all', () => {
  const deadline = noDeadline()
  mergeDeadlines(deadline, { at: 7 })
  expect(deadline).toEqual({ at: 7 })
  mergeDeadlines(deadline, { at: 9 })
  mergeDeadlines(deadline, noDeadline())
  expect(deadline).toEqual({ at: 7 })
  mergeDeadlines(deadline, { at: -3 })
  expect(deadline).toEqual({ at: -3 })
})
