import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { hostile, lineOf } from './fixtures/line-of.ts'
import { recurringTexts } from './recurring-texts.ts'

/** Bytes that recur, and differ in little. */
const pieces = fc
  .array(fc.constantFrom('a', 'b', '\0', '\xc3\xa9', '\xe9', '\xff', '10.', '64'.repeat(32)), { maxLength: 3 })
  .map((parts) => Buffer.from(parts.join(''), 'latin1'))

property.prop([fc.array(pieces, { maxLength: 100 }), fc.constantFrom(1, 4, 16)])(
  'makes the text of the bytes, whatever came before, however few slots there are',
  (all, bits) => {
    const decode = recurringTexts(bits)
    for (const piece of all) {
      const { bytes, start, end } = lineOf(piece)
      expect(decode(bytes, start, end)).toBe(piece.toString())
    }
  },
)

test('tells apart what falls into one slot', () => {
  const decode = recurringTexts(8)
  const texts = Array.from({ length: 2_000 }, (_, index) => `host-${index}`)
  const bytes = Buffer.from(hostile + texts.join(''))
  for (let round = 0; round < 2; round++) {
    let at = hostile.length
    for (const text of texts) {
      expect(decode(bytes, at, at + text.length)).toBe(text)
      at += text.length
    }
  }
})

test('does not take a byte that is no UTF-8 for the character it is the code of', () => {
  const decode = recurringTexts(1)
  for (const before of ['', 'a', 'b', 'c', 'd', 'e']) {
    const known = lineOf(`${before}é`)
    const other = lineOf(Buffer.from(`${before}é`, 'latin1'))
    expect(decode(known.bytes, known.start, known.end)).toBe(`${before}é`)
    expect(decode(other.bytes, other.start, other.end)).toBe(`${before}\ufffd`)
  }
})
