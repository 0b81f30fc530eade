import { describe, expect, test } from 'vitest'
import { MergingSides } from './merging-sides.ts'

/** Sides with values that are the numbers they came with: odd ones are right. */
function sidesOf(...numbers: readonly number[]): MergingSides<number, number, string> {
  const sides = new MergingSides<number, number, string>('k')
  for (const number of numbers) sides.addNumbered(number, number % 2, number)
  return sides
}

describe('what merges is in the order of arrival', () => {
  test.each([
    { of: [], and: [] },
    { of: [0, 2, 4], and: [] },
    { of: [], and: [0, 1] },
    { of: [0, 2], and: [4, 6] },
    { of: [4, 6], and: [0, 2] },
    { of: [0, 4, 8], and: [2, 6] },
    { of: [2], and: [0, 1, 3, 4] },
    { of: [1, 2, 5, 6, 9], and: [0, 3, 4, 7, 8] },
  ])('$of and $and', ({ of, and }) => {
    const sides = sidesOf(...of)
    sides.merge(sidesOf(...and))
    const all = [...of, ...and].sort((a, b) => a - b)
    expect(sides.left).toEqual(all.filter((number) => number % 2 === 0))
    expect(sides.right).toEqual(all.filter((number) => number % 2 === 1))
    // And what has merged can go on to merge.
    sides.addNumbered(20, 0, 20)
    sides.merge(sidesOf(10, 11, 30))
    expect(sides.left).toEqual([...all.filter((number) => number % 2 === 0), 10, 20, 30])
  })
})

test('the latest of both is the latest', () => {
  const sides = sidesOf(0)
  sides.seen(5)
  sides.merge(sidesOf(1))
  expect(sides.latest).toBe(5)
  const other = sidesOf(2)
  other.seen(3)
  sides.merge(other)
  expect(sides.latest).toBe(5)
  other.seen(9)
  sides.merge(other)
  expect(sides.latest).toBe(9)
})
