// Laws of estimated counts
//
// 1. Over many sets of any size and kind of value, the errors are as the standard error says, and lean to neither side.
// 2. No single estimate is off by more than six standard errors, which for errors so distributed is one in a thousand million.
// 3. Repetition changes nothing.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { approxCountDistinct } from './approx-count-distinct.ts'
import type { Primitive } from './multiset.ts'

const kinds: Readonly<Record<string, (set: number, i: number) => Primitive>> = {
  'consecutive numbers': (set, i) => set * 1_000_000 + i,
  fractions: (set, i) => (set + 1) / 7 + i / 1024,
  'numbered texts': (set, i) => `user-${set}-${i}`,
  addresses: (set, i) => `10.${set & 255}.${i >> 8}.${i & 255}`,
  'texts of two letters': (set, i) => (set * 1_000_000 + i).toString(2),
  'numbers after a long prefix': (set, i) => `https://example.com/a/long/path/${set}?page=${i}`,
  bigints: (set, i) => (BigInt(set) << 64n) + BigInt(i),
}

function estimateOf(values: readonly Primitive[], standardError: number): number {
  const aggregate = approxCountDistinct<Primitive>(undefined, { standardError })
  return aggregate.result(values.reduce((sketch, value) => aggregate.add(sketch, value, 0), aggregate.create()))
}

/** A power of 2 of registers, so that it is the true standard error. */
const standardError = 1.04 / 2 ** 4.5

test.each(Object.keys(kinds))('1: the errors of %s are as they should be', (kind) => {
  for (const size of [5, 100, 1_500]) {
    const errors = Array.from({ length: 200 }, (_, set) => {
      const values = Array.from({ length: size }, (__, i) => kinds[kind]?.(set, i))
      return estimateOf(values, standardError) / size - 1
    })
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length
    const spread = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length)
    // Of 200 errors the mean varies by a 14th of one, and the spread by a 20th: three times that is allowed.
    expect({ size, isWide: spread > standardError * 1.15, leans: Math.abs(mean) > standardError * 0.21 }).toEqual({
      size,
      isWide: false,
      leans: false,
    })
  }
})

test('2: each estimate is near', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(kinds)),
      fc.nat({ max: 10_000 }),
      fc.nat({ max: 3_000 }),
      fc.constantFrom(0.0025, 0.01, 0.03, 0.1, 0.25),
      (kind, set, size, error) => {
        const values = Array.from({ length: size }, (_, i) => kind(set, i))
        expect(Math.abs(estimateOf(values, error) - size)).toBeLessThanOrEqual(Math.max(1, 6 * error * size))
      },
    ),
  )
})

test('3: repetition changes nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.double(), fc.bigInt(), fc.constantFrom(null, true))), (values) => {
      expect(estimateOf([...values, ...values.toReversed()], 0.25)).toBe(estimateOf([...new Set(values)], 0.25))
    }),
  )
})
