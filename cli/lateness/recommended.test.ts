import { expect, test } from 'vitest'
import { boundsFor } from './bounds.ts'
import { recommended } from './recommended.ts'
import { Trials } from './trial.ts'

/** Trials in which so many of 10,000 are late. */
function trials(...late: number[]): Parameters<typeof recommended>[0] {
  return late.map((count, bound) => ({ bound, late: count, delay: bound, held: 0 }))
}

test.each([
  ['none is late', [0], 0],
  ['the next saves as much as is worthwhile', [100, 90, 90], 1],
  ['the next saves a little less', [100, 91, 91], 0],
  ['too many are late for a step that saves nothing', [101, 101, 100], 2],
  ['all are late up to the last', [9_000, 8_000, 7_000], 2],
])('when %s', (_, late, bound) => {
  expect(recommended(trials(...late), 10_000)?.bound).toBe(bound)
})

test('there is none without trials', () => {
  expect(recommended([], 0)).toBe(undefined)
})

test('bounds are as fine as the times', () => {
  expect(boundsFor([0, 60_000], 120_000)).toEqual([0, 60_000, 120_000])
  expect(boundsFor([0, 1_000], 4_000)).toEqual([0, 1_000, 2_000, 5_000])
  expect(boundsFor([0, 1], 9)).toEqual([0, 1, 10])
  expect(boundsFor([1], 0)).toEqual([0])
  expect(boundsFor([0], 30.5 * 86_400_000).at(-1)).toBe(31 * 86_400_000)
})

test('a sparse log waits for longer than the bound', () => {
  // After each of the first two a minute passes, until something comes that is later by 10 s.
  const { delay } = new Trials([0, 60_000, 120_000], (time) => time + 1).of(10_000)
  expect(delay).toBe(60_000)
})
