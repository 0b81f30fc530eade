// Laws of the exact sum
//
// 1. Its value is the number nearest to the true sum, of two equally near ones the even, whatever the magnitudes.
// 2. It depends neither on the order of additions nor on how they are spread over parts that are merged.
// 3. Adding the negatives leaves exactly 0.
// 4. A sum that was merged into another stays as it is, and what is added later to one of them does not show in the other.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addExactly, type ExactSum, mergeExactly, roundedSum } from './exact-sum.ts'
import { toUnits } from './fixtures/units.ts'

// Numbers of all magnitudes, of like ones, with few bits, and prices.
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e3, max: 1e3 }),
  fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -120, max: 120 })).map(([m, e]) => m * 2 ** e),
  fc.integer({ min: -100_000, max: 100_000 }).map((cents) => cents / 100),
)
const numbers = fc.array(number, { maxLength: 40 })

function sumOf(values: readonly number[]): ExactSum {
  const sum: ExactSum = { high: 0, low: 0, rest: undefined }
  for (const value of values) addExactly(sum, value, 'test')
  return sum
}

/** The nearest number, by way of the 64 leading bits and whether there is anything below them. */
function fromUnits(units: bigint): number {
  const magnitude = units < 0n ? -units : units
  const excess = Math.max(0, magnitude.toString(2).length - 64)
  const leading = magnitude >> BigInt(excess)
  const sticky = leading << BigInt(excess) === magnitude ? 0n : 1n
  const rounded = Number(leading | sticky) * 2 ** (excess - 1074)
  return units < 0n ? -rounded : rounded
}

const nearest = (values: readonly number[]): number => fromUnits(values.reduce((sum, x) => sum + toUnits(x), 0n))

test('1: is the nearest number', () => {
  fc.assert(
    fc.property(numbers, (values) => {
      expect(roundedSum(sumOf(values))).toBe(nearest(values))
    }),
    { numRuns: 2_000 },
  )
})

test('2: neither order nor parts matter', () => {
  fc.assert(
    fc.property(
      numbers.chain((values) =>
        fc.tuple(fc.constant(values), fc.shuffledSubarray(values, { minLength: values.length })),
      ),
      fc.nat({ max: 40 }),
      ([values, shuffled], cut) => {
        const merged = sumOf(shuffled.slice(0, cut))
        mergeExactly(merged, sumOf(shuffled.slice(cut)), 'test')
        expect(roundedSum(merged)).toBe(roundedSum(sumOf(values)))
      },
    ),
  )
})

test('3: what is taken back leaves nothing', () => {
  fc.assert(
    fc.property(numbers, numbers, (some, others) => {
      const sum = sumOf(some)
      mergeExactly(sum, sumOf(others), 'test')
      for (const value of [...others, ...some]) addExactly(sum, -value, 'test')
      expect(roundedSum(sum)).toBe(0)
    }),
  )
})

test('4: sums that were merged share nothing', () => {
  fc.assert(
    fc.property(fc.oneof(fc.constant([]), numbers), numbers, numbers, (a, b, c) => {
      const into = sumOf(a)
      const from = sumOf(b)
      mergeExactly(into, from, 'test')
      for (const value of c) addExactly(into, value, 'test')
      expect(roundedSum(from)).toBe(nearest(b))
      for (const value of c) addExactly(from, value, 'test')
      expect(roundedSum(into)).toBe(nearest([...a, ...b, ...c]))
    }),
    { numRuns: 300 },
  )
})
