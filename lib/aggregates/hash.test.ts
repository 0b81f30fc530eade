import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Hash, hashInto } from './hash.ts'
import type { Primitive } from './multiset.ts'

function hashOf(value: Primitive): string {
  const hash: Hash = { upper: 0, lower: 0 }
  hashInto(hash, value)
  return `${hash.upper.toString(16)} ${hash.lower.toString(16)}`
}

const primitive = fc.oneof(
  fc.double(),
  fc.integer({ min: -3, max: 3 }),
  fc.string({ maxLength: 3 }),
  fc.bigInt({ min: -3n, max: 3n }),
  fc.boolean(),
  fc.constantFrom(null, undefined, 'null', 'undefined', 'true', 'NaN', '1'),
)

test('values have one hash if a set takes them for one', () => {
  fc.assert(
    fc.property(primitive, primitive, (a, b) => {
      expect(hashOf(a) === hashOf(b)).toBe(new Set([a, b]).size === 1)
    }),
    { numRuns: 1_000 },
  )
})

test('every NaN is one', () => {
  const bits = new DataView(new ArrayBuffer(8))
  for (const pattern of [0x7ff8_0000_0000_0000n, 0xfff8_0000_0000_0001n, 0x7ff4_0000_0000_0000n]) {
    bits.setBigUint64(0, pattern)
    expect(hashOf(bits.getFloat64(0))).toBe(hashOf(Number.NaN))
  }
})

test('many values that are alike have hashes of their own', () => {
  const hashes = new Set<string>()
  for (let i = 0; i < 40_000; i += 1) {
    for (const value of [i, -i - 0.5, `user-${i}`, i.toString(2), BigInt(i)]) hashes.add(hashOf(value))
  }
  expect(hashes.size).toBe(200_000)
})

test('each bit of a value changes half of the bits of its hash', () => {
  const [one, other]: [Hash, Hash] = [
    { upper: 0, lower: 0 },
    { upper: 0, lower: 0 },
  ]
  for (let bit = 0; bit < 31; bit += 1) {
    // How often each bit of the hash has changed, of 1,000 times.
    const changes = new Uint32Array(64)
    for (let i = 0; i < 1_000; i += 1) {
      hashInto(one, i)
      hashInto(other, i ^ (1 << bit))
      for (let of = 0; of < 32; of += 1) {
        changes[of] = (changes[of] ?? 0) + (((one.upper ^ other.upper) >>> of) & 1)
        changes[of + 32] = (changes[of + 32] ?? 0) + (((one.lower ^ other.lower) >>> of) & 1)
      }
    }
    expect(Math.min(...changes)).toBeGreaterThan(400)
    expect(Math.max(...changes)).toBeLessThan(600)
  }
})
