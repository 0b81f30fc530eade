// Laws of reading a file in blocks:
// 1. However a file is cut into blocks and chunks, its records, bad lines and refused lines are those of reading it line by line, with the
//    same numbers and offsets, in the same order.
// 2. From where the lines of a block begin, the rest of the file reads the same, line by line and in blocks of any size.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { combined } from '../format/combined.ts'
import { common } from '../format/common.ts'
import { json } from '../format/json.ts'
import { accessLine, commonLine, contentOf, instants, jsonLine } from './fixtures/log-lines.ts'
import { inBlocks, lineByLine, type Log, type LogParser, type Outcome } from './fixtures/ways-of-reading.ts'

const folder = mkdtempSync(join(tmpdir(), 'tidemark-records-'))
const path = join(folder, 'some.log')
afterAll(() => rmSync(folder, { recursive: true }))

/** Lines, and parsers of them. */
interface Subject {
  readonly line: fc.Arbitrary<string>
  readonly parsers: readonly LogParser[]
}

const subjects: Readonly<Record<string, Subject>> = {
  combined: {
    line: accessLine,
    parsers: [
      combined({ fields: ['host', 'time'] }),
      combined({ fields: ['ident', 'user', 'referer', 'agent', 'bytes'] }),
      combined({ fields: ['method', 'path', 'protocol', 'status'] }),
      combined(),
    ],
  },
  common: { line: commonLine, parsers: [common({ fields: ['user', 'request'] }), common()] },
  JSON: {
    line: jsonLine,
    parsers: [
      json({ fields: ['level', 'time'] }),
      json({ fields: ['level', 'time'], instant: 'time' }),
      json({ fields: ['ü', 'toString', 'level'], instant: 'level' }),
      json({ fields: ['a longer name than sixteen', '', 'a', 'time'] }),
      json({ fields: [] }),
    ],
  },
}

function ofLines({ records, bad, refused }: Outcome): Outcome {
  return { records, bad, refused }
}

const cases = Object.entries(subjects).flatMap(([name, { line, parsers }]) =>
  parsers.map((parser) => ({ name: `${name}: ${Object.keys(parser.recipe?.kinds ?? {}).join(' ')}`, line, parser })),
)

test.each(cases)('law 1: blocks give what reading line by line gives, $name', ({ line, parser }) => {
  const sizes = fc.oneof(fc.integer({ min: 1, max: 400 }), fc.constant(2 ** 20))
  fc.assert(
    fc.property(contentOf(line), sizes, fc.constantFrom(60, 200, 10_000), (content, size, maxLineBytes) => {
      const log: Log = { path, content, maxLineBytes }
      expect(ofLines(inBlocks(log, parser, size))).toStrictEqual(lineByLine(log, parser))
    }),
    { numRuns: 1_000 },
  )
})

test.each(Object.entries(subjects))('law 1, with lines that do not fit into a chunk, %s', (_, { line, parsers }) => {
  fc.assert(
    fc.property(
      contentOf(line, 40),
      fc.constantFrom(...parsers),
      fc.integer({ min: 16, max: 300 }),
      fc.constantFrom(500, 2 ** 20),
      (content, parser, chunkBytes, blockBytes) => {
        const log: Log = { path, content, maxLineBytes: 400 }
        expect(ofLines(inBlocks(log, parser, blockBytes, undefined, chunkBytes))).toStrictEqual(lineByLine(log, parser))
      },
    ),
    { numRuns: 500 },
  )
})

test('law 1, at every block size of a file with a line longer than blocks', () => {
  const text = [
    '10.0.0.1 - - [11/Oct/2018:10:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "-"',
    'x'.repeat(300),
    '::1 - - [11/Oct/2018:10:00:01 +0000] "GET / HTTP/1.1" 200 5 "-" "-"',
  ].join('\r\n')
  const log: Log = { path, content: Buffer.from(text), maxLineBytes: 100 }
  const parser = combined()
  for (let size = 1; size <= text.length; size++) {
    expect(ofLines(inBlocks(log, parser, size))).toStrictEqual(lineByLine(log, parser))
  }
})

test('law 1: a name that is taken to be that of the line before is one', () => {
  for (let length = 1; length < 40; length++) {
    const name = 'x'.repeat(length)
    const lines = [
      `"${name}":1`,
      `"${name}";2`,
      `"${name}:3`,
      `"y${name.slice(1)}":4`,
      `"${name.slice(1)}y":5`,
      `"${name}" :6`,
    ]
    const log: Log = { path, content: Buffer.from(lines.map((line) => `{${line}}\n`).join('')), maxLineBytes: 100 }
    const parser = json({ fields: [name] })
    expect(ofLines(inBlocks(log, parser, 1_000))).toStrictEqual(lineByLine(log, parser))
  }
})

test('law 1: instants, however they are written', () => {
  const parser = json({ fields: ['at'], instant: 'at' })
  for (const one of instants) {
    // Each behind any other, of which something may be remembered.
    const lines = instants.map((other) => `{"at":${one}}\n{"at":${other}}\n{"at":${one},"at":${other}}\n{}\n`)
    const log: Log = { path, content: Buffer.from(lines.join('')), maxLineBytes: 100 }
    expect(ofLines(inBlocks(log, parser, 2 ** 20))).toStrictEqual(lineByLine(log, parser))
  }
})

test.each(Object.entries(subjects))('law 2: what is read from a block on is the rest, %s', (_, { line, parsers }) => {
  const sizes = fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 400 }))
  fc.assert(
    fc.property(
      contentOf(line),
      fc.constantFrom(...parsers),
      sizes,
      fc.constantFrom(60, 10_000),
      (content, parser, [size, other], maxLineBytes) => {
        const log: Log = { path, content, maxLineBytes }
        const whole = lineByLine(log, parser)
        for (const from of inBlocks(log, parser, size).places) {
          const rest = lineByLine(log, parser, from)
          expect(ofLines(inBlocks(log, parser, other, from))).toStrictEqual(rest)
          expect(rest.bad).toEqual(whole.bad.filter(({ number }) => number > from.number))
          expect(rest.refused).toEqual(whole.refused.filter(({ number }) => number > from.number))
          expect(rest.records).toEqual(whole.records.slice(whole.records.length - rest.records.length))
          const read = (outcome: Outcome): number =>
            outcome.records.length + outcome.bad.length + outcome.refused.length
          expect(read(rest)).toBe(read(whole) - from.number)
        }
      },
    ),
    { numRuns: 100 },
  )
})
