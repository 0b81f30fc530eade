// Laws of windows on a grid
//
// 1. The windows of a time are all [s, s + size) with s - offset a multiple of the hop that contain it, from the earliest.
// 2. So it is to the millisecond up to ±8.64e15, which floating point must not spoil.
// 3. An answer does not depend on the questions before it, and is the same array as the last one if it says the same.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Window } from '../window.ts'
import { hopping } from './hopping.ts'
import { tumbling } from './tumbling.ts'

interface Grid {
  readonly size: number
  readonly hop: number
  readonly offset: number
}

function grids(longest: number): fc.Arbitrary<Grid> {
  // At most a hundred windows overlap.
  return fc.integer({ min: 1, max: longest }).chain((hop) =>
    fc.record({
      hop: fc.constant(hop),
      size: fc.integer({ min: 1, max: Math.min(longest, 100 * hop) }),
      offset: fc.integer({ min: -hop + 1, max: hop - 1 }),
    }),
  )
}

const small = grids(60)
// Both ends of the exponents, and grids that neighbour powers of ten and two.
const huge = fc.oneof(
  grids(1e14),
  grids(100_000),
  fc.constantFrom(1e14, 1e14 - 1, 2 ** 46, 2 ** 46 - 1, 86_400_000).map((hop) => ({ hop, size: hop, offset: hop - 1 })),
)
const anyTime = fc.oneof(
  fc.integer({ min: -8.64e15, max: 8.64e15 }),
  fc.integer({ min: -100, max: 100 }),
  fc.integer({ min: 8.64e15 - 100, max: 8.64e15 }),
  fc.integer({ min: -8.64e15, max: -8.64e15 + 100 }),
)

/** Every start that could be. */
function bruteForce({ size, hop, offset }: Grid, time: number): Window[] {
  const windows: Window[] = []
  for (let start = time - size + 1; start <= time; start++) {
    if (Math.abs(start - offset) % hop === 0) windows.push({ start, end: start + size })
  }
  return windows
}

/** In integers of any size. */
function exactly(grid: Grid, at: number): Window[] {
  const size = BigInt(grid.size)
  const hop = BigInt(grid.hop)
  const time = BigInt(at)
  const windows: Window[] = []
  // The remainder of a BigInt has the sign of the dividend.
  let start = time - ((((time - BigInt(grid.offset)) % hop) + hop) % hop)
  for (; start + size > time; start -= hop) windows.unshift({ start: Number(start), end: Number(start + size) })
  return windows
}

test('1: all windows of the grid that contain the time', () => {
  fc.assert(
    fc.property(small, fc.integer({ min: -300, max: 300 }), (grid, time) => {
      expect(hopping(grid.size, grid.hop, grid).assign(time)).toStrictEqual(bruteForce(grid, time))
    }),
    { numRuns: 500 },
  )
})

test('2: to the millisecond', () => {
  fc.assert(
    fc.property(huge, anyTime, (grid, time) => {
      expect(hopping(grid.size, grid.hop, grid).assign(time)).toStrictEqual(exactly(grid, time))
      expect(tumbling(grid.hop, grid).assign(time)).toStrictEqual(exactly({ ...grid, size: grid.hop }, time))
    }),
    { numRuns: 500 },
  )
})

test('2: also right before and at the start of a window', () => {
  fc.assert(
    fc.property(huge, anyTime, fc.constantFrom(-1, 0, 1), (grid, time, step) => {
      const boundary = (tumbling(grid.hop, grid).assign(time)[0]?.start ?? 0) + step
      fc.pre(Math.abs(boundary) <= 8.64e15)
      expect(hopping(grid.size, grid.hop, grid).assign(boundary)).toStrictEqual(exactly(grid, boundary))
    }),
    { numRuns: 500 },
  )
})

test('3: answers do not depend on the questions before', () => {
  fc.assert(
    fc.property(small, fc.array(fc.integer({ min: -100, max: 100 })), (grid, times) => {
      const assigner = hopping(grid.size, grid.hop, grid)
      let last: readonly Window[] | undefined
      for (const time of times) {
        const windows = assigner.assign(time)
        const expected = bruteForce(grid, time)
        expect(windows).toEqual(expected)
        if (last?.[0]?.start === expected[0]?.start && last?.length === expected.length && expected.length > 0) {
          expect(windows).toBe(last)
        }
        last = windows
      }
    }),
  )
})
