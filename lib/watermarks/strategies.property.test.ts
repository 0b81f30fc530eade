// Laws of watermark strategies
//
// 1. No strategy's watermark goes back, or is NaN or -0.
// 2. boundedOutOfOrderness(d): no event is late that is at most d behind any before it.
// 3. boundedOutOfOrderness(0) is monotonous().

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { WatermarkStrategy } from './watermark-strategy.ts'
import { boundedOutOfOrderness } from './bounded-out-of-orderness.ts'
import { monotonous } from './monotonous.ts'
import { punctuated } from './punctuated.ts'

const delay = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 1e12 }))
const time = fc.oneof(fc.integer({ min: -60, max: 60 }), fc.integer({ min: -8.64e15, max: 8.64e15 }), fc.constant(-0))
const times = fc.array(time, { maxLength: 50 })

function watermarks(strategy: WatermarkStrategy<number>, of: readonly number[]): number[] {
  const generator = strategy.create()
  return of.map((value) => generator.onEvent(value, value))
}

test('1: watermarks never go back, and are numbers', () => {
  fc.assert(
    fc.property(delay, times, (d, values) => {
      const sparse = punctuated((value: number) => (value % 3 === 0 ? value : undefined))
      for (const strategy of [boundedOutOfOrderness(d), monotonous(), sparse]) {
        const given = watermarks(strategy, values)
        for (const [i, watermark] of given.entries()) {
          expect(watermark).toBeGreaterThanOrEqual(given[i - 1] ?? -Infinity)
          expect(Object.is(watermark, -0)).toBe(false)
        }
      }
    }),
  )
})

test('2: what is within the bound is not late', () => {
  fc.assert(
    fc.property(delay, times, (d, values) => {
      const given = watermarks(boundedOutOfOrderness(d), values)
      for (const [i, value] of values.entries()) {
        const isWithin = values.slice(0, i).every((before) => value >= before - d)
        expect(value >= (given[i - 1] ?? -Infinity)).toBe(isWithin)
      }
    }),
  )
})

test('3: without a delay it is monotonous', () => {
  fc.assert(
    fc.property(times, (values) => {
      expect(watermarks(boundedOutOfOrderness(0), values)).toStrictEqual(watermarks(monotonous(), values))
    }),
  )
})
