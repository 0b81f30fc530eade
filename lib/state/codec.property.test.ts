// Laws of the codec
//
// 1. What is decoded equals what was encoded, to the sign of a zero, the kind of a number and the order of keys.
// 2. Equal values give equal bytes.
// 3. No part of bytes that were cut or changed becomes anything but a value or an error with code `checkpoint`.
// 4. What was decoded, and what was encoded, does not change when something else is.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TidemarkError } from '../errors.ts'
import { decode, encode } from './codec.ts'

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.double(),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.string({ unit: 'binary' }),
    fc.string({ minLength: 30, maxLength: 60 }),
    fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
    fc.bigInt(),
    fc.date({ noInvalidDate: false }),
    fc.constantFrom<unknown>(undefined, null, true, false, -0, 127, 128, 2 ** 31, 2 ** 31 - 1, 2 ** 53, 0n, -1n, ''),
    fc.uint8Array(),
    fc.int8Array(),
    fc.uint8ClampedArray(),
    fc.int16Array(),
    fc.uint16Array(),
    fc.int32Array(),
    fc.uint32Array(),
    fc.float32Array(),
    fc.float64Array(),
    fc.bigInt64Array(),
    fc.bigUint64Array(),
    fc.array(tie('value')),
    fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), tie('value'), { noNullPrototype: false }),
    fc.array(fc.tuple(tie('value'), tie('value'))).map((entries) => new Map(entries)),
    fc.array(tie('value')).map((items) => new Set(items)),
  ),
}))

/** Shows what `toStrictEqual` lets pass. */
function exact(part: unknown): unknown {
  if (part instanceof Map) return ['Map', ...[...part].map(exact)]
  if (part instanceof Set) return ['Set', ...[...part].map(exact)]
  if (Array.isArray(part)) return part.map(exact)
  if (typeof part !== 'object' || part === null || ArrayBuffer.isView(part) || part instanceof Date) return part
  const entries = Object.keys(part).map((key) => [key, exact(Object.getOwnPropertyDescriptor(part, key)?.value)])
  return [Object.getPrototypeOf(part) === null ? 'dictionary' : 'record', ...entries]
}

test('1: what is decoded equals what was encoded', () => {
  fc.assert(
    fc.property(value, (original) => {
      const copy = decode(encode(original))
      expect(exact(copy)).toStrictEqual(exact(original))
    }),
    { numRuns: 1_000 },
  )
})

test('2: equal values give equal bytes', () => {
  fc.assert(
    fc.property(value, (original) => {
      const bytes = encode(original)
      expect(encode(decode(bytes))).toEqual(bytes)
    }),
  )
})

test('3: bytes that were cut or changed are a value or an error', () => {
  fc.assert(
    fc.property(value, fc.nat(), fc.integer({ min: 1, max: 255 }), fc.boolean(), (original, at, change, isCut) => {
      const bytes = encode(original)
      const place = at % bytes.length
      const damaged = isCut ? bytes.subarray(0, place) : bytes.map((byte, i) => (i === place ? byte ^ change : byte))
      const error = errorOf(() => decode(damaged))
      expect(error === undefined ? !isCut : error instanceof TidemarkError && error.code === 'checkpoint').toBe(true)
    }),
    { numRuns: 1_000 },
  )
})

test('4: nothing shares memory', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), value, (original, other) => {
      const bytes = encode(original)
      const then = [...bytes]
      const copy = decode(bytes)
      encode(other)
      expect([...bytes]).toEqual(then)
      bytes.fill(0)
      expect(copy).toEqual(original)
    }),
  )
})

function errorOf(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  return undefined
}
