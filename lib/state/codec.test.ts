import { expect, test } from 'vitest'
import { decode, encode } from './codec.ts'

class Point {
  readonly x = 1
}
class Stack extends Array<number> {}

const circular: { self?: unknown } = {}
circular.self = circular

test.each<[value: unknown, got: string]>([
  [() => 1, 'a function'],
  [{ price: function price() {} }, "a function 'price'"],
  [[Symbol('id')], 'Symbol(id)'],
  [{ [Symbol('id')]: 1 }, 'an object with a symbol as a key'],
  [new Map([[1, new Point()]]), 'an instance of Point'],
  [new Stack(), 'an instance of Stack'],
  [/a/, 'an instance of RegExp'],
  [new Error('no'), 'an instance of Error'],
  [Promise.resolve(), 'an instance of Promise'],
  [new WeakMap(), 'an instance of WeakMap'],
  [Buffer.from('a'), 'an instance of Buffer'],
  [new DataView(new ArrayBuffer(1)), 'an instance of DataView'],
  [circular, 'something circular, or nested deeper than 1000'],
])('a value is refused, case %#', (value, got) => {
  expect(() => encode(value)).toThrow(`encode: expected plain data, got ${got}`)
  expect(() => encode(value)).toThrow(expect.objectContaining({ code: 'checkpoint' }))
  // What was refused leaves nothing behind.
  expect(decode(encode([1, 'a']))).toEqual([1, 'a'])
})

test('nesting has a limit', () => {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])
  expect(decode(encode(nested(1_000)))).toEqual(nested(1_000))
  expect(() => encode(nested(1_001))).toThrow('nested deeper')
})

test.each<[string, readonly number[], string]>([
  ['nothing', [], 'decode: expected more bytes, got the end, at byte 1'],
  ['another version', [2, 0], 'decode: expected a value of version 1, got one of version 2, at byte 1'],
  ['an unknown kind', [1, 99], 'decode: expected a kind of value, got 99, at byte 2'],
  ['an unknown array', [1, 18, 99], 'decode: expected a kind of array, got 99, at byte 3'],
  ['two values', [1, 128, 129], 'decode: expected the end, got more bytes, at byte 2'],
  ['a short text', [1, 9, 5, 65], 'decode: expected 5 more bytes, got 1, at byte 3'],
])('no value: %s', (_, bytes, message) => {
  expect(() => decode(Uint8Array.from(bytes))).toThrow(expect.objectContaining({ code: 'checkpoint', message }))
})

test('the layout stays as it is', () => {
  const value = [1, 300, -2, 0.5, 'é', { a: null }, new Set([true]), 255n, new Date(0)]
  expect(Buffer.from(encode(value)).toString('hex')).toBe(
    '010c0981' +
      '04ac02' +
      '0501' +
      '06000000000000e03f' +
      '0902c3a9' +
      '0d01090161' +
      '01' +
      '100103' +
      '07026666' +
      '0b0000000000000000',
  )
})

test('a large value leaves no large buffer, and small ones go on', () => {
  const large = 'x'.repeat(3_000_000)
  expect(decode(encode(large))).toBe(large)
  expect(decode(encode('a'))).toBe('a')
})
