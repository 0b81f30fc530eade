import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compare } from './compare.ts'
import { isEqual } from './is-equal.ts'

test.each<readonly [smaller: unknown, larger: unknown]>([
  [1, 2],
  [-Infinity, -1],
  [-0, 0],
  [0, 1e-300],
  [Infinity, Number.NaN],
  ['', 'a'],
  ['B', 'a'],
  ['a', 'ab'],
  [1n, 2n],
  [false, true],
  [new Date(1), new Date(2)],
  [new Date(1), new Date(Number.NaN)],
  [[], [1]],
  [[1, 2], [2]],
  [
    [1, 2],
    [1, 3],
  ],
  [{}, { a: 1 }],
  [{ a: 1 }, { a: 2 }],
  [{ a: 2 }, { b: 1 }],
  [
    { a: 1, b: { c: 'x' } },
    { b: { c: 'y' }, a: 1 },
  ],
  [{ a: undefined }, { b: undefined }],
  // Of mixed kinds: bigints, booleans, numbers, null, texts, undefined.
  [2n, false],
  [true, -1],
  [Number.NaN, null],
  [null, ''],
  ['x', undefined],
])('%o comes before %o', (smaller, larger) => {
  expect([compare(smaller, larger), compare(larger, smaller)].map(Math.sign)).toEqual([-1, 1])
})

test.each<readonly [unknown, unknown]>([
  [Number.NaN, Number.NaN],
  [
    { a: 1, b: 2 },
    { b: 2, a: 1 },
  ],
  [new Date(5), new Date(5)],
  [() => 1, () => 2],
  [new Map([[1, 1]]), new Map([[2, 2]])],
  [Object.create(null), {}],
])('%o and %o have no order', (one, other) => {
  expect([compare(one, other), compare(other, one)].map((order) => order + 0)).toEqual([0, 0])
})

const data = fc.anything({ withDate: true, withBigInt: true, withNullPrototype: false, maxDepth: 2, maxKeys: 3 })

test('is an order: of two one comes first, or they are equal as data; of three none goes round', () => {
  fc.assert(
    fc.property(data, data, data, (a, b, c) => {
      expect(Math.sign(compare(a, b)) + Math.sign(compare(b, a))).toBe(0)
      expect(compare(a, b) === 0).toBe(isEqual(a, b))
      const [first, second, third] = [a, b, c].toSorted(compare)
      expect(compare(first, second)).toBeLessThanOrEqual(0)
      expect(compare(second, third)).toBeLessThanOrEqual(0)
      expect(compare(first, third)).toBeLessThanOrEqual(0)
    }),
    { numRuns: 1_000 },
  )
})
