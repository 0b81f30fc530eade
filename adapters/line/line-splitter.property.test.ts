// Laws of the splitter, for any bytes, any cuts and any limit, against splitting the whole text:
//
// 1. The lines that are not too long come out, with their number and offset; the others are refused, with theirs.
// 2. The bytes of a line are those at its offset in the source.

import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import type { DeadLetter } from './dead-letter.ts'
import type { Line } from './line.ts'
import { LineSplitter } from './line-splitter.ts'

interface Found {
  readonly number: number
  readonly offset: number
  readonly content: string
}

/** Of the bytes as latin1 text, so that an index is a byte offset. */
function oracle(text: string): Found[] {
  const parts = text.split('\n')
  const found: Found[] = []
  let offset = 0
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1
    const mark = index === 0 && part.startsWith('\xef\xbb\xbf') ? 3 : 0
    const content = part.slice(mark, !isLast && part.endsWith('\r') ? -1 : undefined)
    if (!isLast || content !== '') found.push({ number: index + 1, offset: offset + mark, content })
    offset += part.length + 1
  }
  return found
}

const piece = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('\n', '\r\n', '\r', '\xef\xbb\xbf', '\xef', '\xbb') },
  {
    weight: 6,
    arbitrary: fc.string({ unit: 'binary', maxLength: 6 }).map((text) => Buffer.from(text).toString('latin1')),
  },
)
const bytes = fc
  .record({ isMarked: fc.boolean(), pieces: fc.array(piece, { maxLength: 30 }) })
  .map(({ isMarked, pieces }) => Buffer.from(`${isMarked ? '\xef\xbb\xbf' : ''}${pieces.join('')}`, 'latin1'))
const cuts = fc.array(fc.nat(120), { maxLength: 12 }).map((at) => at.toSorted((a, b) => a - b))

test.prop([bytes, cuts, fc.integer({ min: 1, max: 12 })], { numRuns: 3000 })(
  'laws 1 and 2',
  (source, at, maxLineBytes) => {
    const refused: DeadLetter[] = []
    const lines: Line[] = []
    const splitter = new LineSplitter('x', maxLineBytes, (line) => refused.push(line))
    let start = 0
    for (const cut of [...at, source.length]) {
      lines.push(...splitter.push(source.subarray(start, cut)))
      start = Math.min(cut, source.length)
    }
    lines.push(...splitter.end())

    const expected = oracle(source.toString('latin1'))
    const isShort = ({ content }: Found): boolean => content.length <= maxLineBytes
    expect(
      lines.map((line) => ({
        number: line.number,
        offset: line.offset,
        content: line.bytes.toString('latin1', line.start, line.end),
      })),
    ).toEqual(expected.filter(isShort))
    expect(refused.map(({ number, offset, byteLength }) => ({ number, offset, byteLength }))).toEqual(
      expected
        .filter((found) => !isShort(found))
        .map(({ number, offset, content }) => ({ number, offset, byteLength: content.length })),
    )
    for (const line of lines) {
      const content = line.bytes.subarray(line.start, line.end)
      expect(source.subarray(line.offset, line.offset + content.length).equals(content)).toBe(true)
    }
  },
)
