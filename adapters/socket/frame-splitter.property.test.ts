// Laws of frames
//
// 1. What comes out does not depend on how the bytes are cut into chunks: texts, numbers, offsets, refusals.
// 2. Frames that were written are read back; one that is too long is refused, and what follows is found.
// 3. Random bytes never throw, and every frame is either handed out or refused, in order.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DeadLetter } from '../line/dead-letter.ts'
import type { Framing } from './frame.ts'
import { FrameSplitter } from './frame-splitter.ts'
import { lengthPrefix } from './length-prefix.ts'
import { octetCounting } from './octet-counting.ts'

const maxBytes = 20

interface Outcome {
  readonly lines: readonly (readonly [text: string, number: number, offset: number])[]
  readonly refused: readonly DeadLetter[]
  readonly fault: string | undefined
  readonly place: readonly [number: number, lineOffset: number, offset: number]
}

function split(framing: Framing, chunks: readonly Buffer[]): Outcome {
  const refused: DeadLetter[] = []
  const splitter = new FrameSplitter('peer', framing, maxBytes, (line) => refused.push(line))
  const lines = [
    ...chunks.flatMap((chunk) => (splitter.fault === undefined ? splitter.push(chunk) : [])),
    ...splitter.end(),
  ]
  return {
    lines: lines.map(({ bytes, start, end, number, offset }) => [bytes.toString('latin1', start, end), number, offset]),
    refused,
    fault: splitter.fault,
    place: [splitter.number, splitter.lineOffset, splitter.fault === undefined ? splitter.offset : 0],
  }
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length]
  return sorted.slice(1).map((place, index) => bytes.subarray(sorted[index], place))
}

const framings: readonly (readonly [string, Framing])[] = [
  ['one byte of length', lengthPrefix({ bytes: 1 })],
  ['four bytes of length', lengthPrefix()],
  ['little-endian', lengthPrefix({ bytes: 2, isLittleEndian: true })],
  ['octet counting', octetCounting()],
]

const payload = fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes))
const places = fc.array(fc.nat(), { maxLength: 12 })
/** Bytes that look like frames, and some that do not. */
const noise = fc
  .array(
    fc.oneof(
      payload,
      fc
        .constantFrom('5 hello', '0 ', '12 ', '<13>a\n', '\r\n', '99 x', '\0\0\0\x03abc')
        .map((text) => Buffer.from(text)),
    ),
    {
      maxLength: 8,
    },
  )
  .map((parts) => Buffer.concat(parts))

test.each(framings)('1, 3: chunks make no difference: %s', (_, framing) => {
  fc.assert(
    fc.property(noise, places, (bytes, at) => {
      const whole = split(framing, [bytes])
      expect(split(framing, cut(bytes, at))).toEqual(whole)
      expect(
        split(
          framing,
          [...bytes].map((byte) => Buffer.of(byte)),
        ),
      ).toEqual(whole)
      const numbers = [...whole.lines.map(([, number]) => number), ...whole.refused.map(({ number }) => number)]
      expect(numbers.toSorted((a, b) => a - b)).toEqual(numbers.map((_number, index) => index + 1))
    }),
    { numRuns: 500 },
  )
})

test('2: what was written with a length is read back', () => {
  fc.assert(
    fc.property(fc.array(payload, { maxLength: 10 }), places, (payloads, at) => {
      const bytes = Buffer.concat(
        payloads.flatMap((each) => {
          const length = Buffer.alloc(4)
          length.writeUInt32BE(each.length)
          return [length, each]
        }),
      )
      const { lines, refused } = split(lengthPrefix(), cut(bytes, at))
      expect(lines.map(([text]) => text)).toEqual(
        payloads.filter(({ length }) => length <= maxBytes).map((each) => each.toString('latin1')),
      )
      expect(refused.map(({ byteLength }) => byteLength)).toEqual(
        payloads.filter(({ length }) => length > maxBytes).map(({ length }) => length),
      )
    }),
  )
})

test('2: a frame is there as soon as all of it is', () => {
  const splitter = new FrameSplitter('peer', lengthPrefix(), maxBytes, () => {})
  const pushed = [
    [0, 0, 0, 12, 1],
    [...Array.from({ length: 11 }, () => 1), 0],
    [0, 0, 2, 1, 1],
    [0, 0, 0, 0],
  ].map((bytes) => splitter.push(Buffer.from(bytes)).map(({ start, end }) => end - start))
  expect(pushed).toEqual([[], [12], [2], [0]])
})

test('2: so are messages of syslog, counted and with line feeds', () => {
  const message = fc.tuple(fc.boolean(), fc.stringMatching(/^<[a-z ]{0,18}$/))
  fc.assert(
    fc.property(fc.array(message, { maxLength: 10 }), places, (messages, at) => {
      const text = messages.map(([isCounted, each]) => (isCounted ? `${each.length} ${each}` : `${each}\n`)).join('')
      const { lines } = split(octetCounting(), cut(Buffer.from(text), at))
      expect(lines.map(([each]) => each)).toEqual(messages.map(([, each]) => each))
    }),
  )
})

test.each([
  ['12x', 'expected the length of a message, a space behind it, got "12x"'],
  ['1234567890 x', 'expected the length of a message, a space behind it, got "1234567890"'],
])('%s is no frame', (text, fault) => {
  expect(split(octetCounting(), [Buffer.from(text)]).fault).toBe(fault)
})

test.each([
  [{ start: 0, end: 0 }, 'expected a frame behind 0, got 0 to 0, the next at 0'],
  [{ start: 2, end: 1, next: 3 }, 'expected a frame behind 0, got 2 to 1, the next at 3'],
  [{ start: 0, end: 3, next: 2 }, 'expected a frame behind 0, got 0 to 3, the next at 2'],
  [{ start: 0.5, end: 3 }, 'expected a frame behind 0, got 0.5 to 3, the next at 3'],
])('a function that answers %j is at fault', (frame, fault) => {
  expect(split(() => frame, [Buffer.from('abc')]).fault).toBe(fault)
})

test('the length has 1 to 6 bytes', () => {
  expect(() => lengthPrefix({ bytes: 0 as 1 })).toThrow('lengthPrefix: bytes must be from 1 to 6, got 0')
})
