// Laws of variance and standard deviation
//
// 1. The variance is the true one, computed with fractions, but for the rounding of the last step: numbers that are large and
//    close together lose no digits.
// 2. The standard deviation is its square root.
// 3. Taking everything back but some leaves the variance of those.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toUnits } from './fixtures/units.ts'
import { stddev } from './stddev.ts'
import { variance } from './variance.ts'

const sign = fc.constantFrom(1, -1)
const number = fc.oneof(
  // Of all magnitudes, close together on a high plateau, with few bits, and prices.
  fc.tuple(sign, fc.double({ min: 1e-100, max: 1e150, noNaN: true })).map(([s, x]) => s * x),
  fc
    .tuple(sign, fc.double({ min: 1, max: 2, noNaN: true }), fc.integer({ min: -300, max: 490 }))
    .map(([s, m, e]) => s * m * 2 ** e),
  fc.integer({ min: 0, max: 9 }).map((x) => 1e15 + x / 8),
  fc.integer({ min: -3, max: 3 }),
  fc.integer({ min: -100_000, max: 100_000 }).map((cents) => cents / 100),
)
const numbers = fc.array(number, { maxLength: 30 })

function resultOf(aggregate: ReturnType<typeof variance>, values: readonly number[]): number | undefined {
  return aggregate.result(values.reduce((moments, x) => aggregate.add(moments, x, 0), aggregate.create()))
}

/** The variance times `divisor`, in units of 2^-2148, and the divisor. */
function fraction(values: readonly number[], isSample: boolean): readonly [bigint, bigint] {
  const n = BigInt(values.length)
  const units = values.map(toUnits)
  const sum = units.reduce((a, b) => a + b, 0n)
  const squares = units.reduce((a, b) => a + b * b, 0n)
  return [n * squares - sum * sum, n * (isSample ? n - 1n : n)]
}

/** Whether a number is off by some units in the last place at most. */
function isNear(actual: number, [dividend, divisor]: readonly [bigint, bigint]): boolean {
  const distance = (toUnits(actual) << 1074n) * divisor - dividend
  return (distance < 0n ? -distance : distance) << 50n <= dividend
}

test.each([false, true])('1: is the true one (sample: %s)', (isSample) => {
  const aggregate = variance(undefined, { sample: isSample })
  fc.assert(
    fc.property(numbers, (values) => {
      const actual = resultOf(aggregate, values)
      if (values.length < (isSample ? 2 : 1)) expect(actual).toBeUndefined()
      else expect(isNear(actual ?? -1, fraction(values, isSample))).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})

test('2: the standard deviation is its square root', () => {
  fc.assert(
    fc.property(numbers, fc.boolean(), (values, sample) => {
      const squared = resultOf(variance(undefined, { sample }), values)
      const actual = resultOf(stddev(undefined, { sample }), values)
      expect(actual).toBe(squared === undefined ? undefined : Math.sqrt(squared))
    }),
  )
})

test('3: what is taken back leaves nothing', () => {
  const aggregate = variance()
  fc.assert(
    fc.property(numbers, numbers, (kept, gone) => {
      const all = [...gone, ...kept].reduce((moments, x) => aggregate.add(moments, x, 0), aggregate.create())
      const left = gone.reduce((moments, x) => aggregate.retract(moments, x, 0), all)
      expect(aggregate.result(left)).toBe(resultOf(aggregate, kept))
    }),
  )
})
