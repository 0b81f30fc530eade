import fc from 'fast-check'
import { expect, test } from 'vitest'
import { boundsFor } from './bounds.ts'
import { Trials } from './trial.ts'

// 1. As many events are late as a plain count says: those whose end the latest before them has passed by the bound.
// 2. As many wait at once as a plain count says, give or take what lies within a 256th of the bound.
// 3. A larger bound makes no more late, and the largest one none.

// Far apart, and close together.
const times = fc.constantFrom(2_000, 20).chain((most) => {
  return fc.array(fc.integer({ min: -most, max: most }), { minLength: 1, maxLength: 60 })
})
const bounds = fc.oneof(fc.integer({ min: 0, max: 3_000 }), fc.constantFrom(0, 1, 256, 257))
const sizes = fc.constantFrom(1, 10, 700)

const endOf = (size: number) => (time: number) => Math.floor(time / size) * size + size
const latestBefore = (all: readonly number[], i: number): number => Math.max(-Infinity, ...all.slice(0, i))

test('law 1: late events', () => {
  fc.assert(
    fc.property(times, bounds, sizes, (all, bound, size) => {
      const late = all.filter((time, i) => endOf(size)(time) <= latestBefore(all, i) - bound)
      expect(new Trials(all, endOf(size)).of(bound).late).toBe(late.length)
    }),
  )
})

test('law 2: events that wait', () => {
  fc.assert(
    fc.property(times, bounds, (all, bound) => {
      const { held } = new Trials(all, endOf(1)).of(bound)
      const most = (slack: number): number =>
        Math.max(
          ...all.map((_, i) => {
            const mark = latestBefore(all, i + 1) - bound - slack
            return all.slice(0, i + 1).filter((time) => time >= mark).length
          }),
        )
      expect(held).toBeGreaterThanOrEqual(most(0))
      expect(held).toBeLessThanOrEqual(most(Math.ceil(bound / 256)))
    }),
  )
})

test('law 3: larger bounds', () => {
  fc.assert(
    fc.property(times, (all) => {
      const trials = new Trials(all, endOf(1))
      const late = boundsFor(all, trials.furthest).map((bound) => trials.of(bound).late)
      expect(late).toEqual(late.toSorted((a, b) => b - a))
      expect(late.at(-1)).toBe(0)
    }),
  )
})
