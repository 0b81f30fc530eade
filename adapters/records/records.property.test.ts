// Laws of reading a file in blocks:
// 1. However a file is cut into blocks, its records, bad lines and refused lines are those of reading it line by line, with the
//    same numbers and offsets, in the same order.
// 2. From where the lines of a block begin, the rest of the file reads the same, line by line and in blocks of any size.
// 3. Records come out of columns as they went in, also when dictionaries begin anew.
// 4. A text has the number it got when it was seen first, and no other has it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { combined } from '../format/combined.ts'
import { noRecord, type Parser, Unparsable } from '../format/parser.ts'
import { type DeadLetter, deadLetter } from '../line/dead-letter.ts'
import { LineSplitter } from '../line/line-splitter.ts'
import { ColumnReader, ColumnWriter } from './columns.ts'
import { blockParser } from './parse-block.ts'
import { TextDictionary } from './text-dictionary.ts'

const folder = mkdtempSync(join(tmpdir(), 'tidemark-records-'))
const path = join(folder, 'access.log')
afterAll(() => rmSync(folder, { recursive: true }))

/** Where lines begin, and how many there are before. */
interface Place {
  readonly offset: number
  readonly number: number
}

const start: Place = { offset: 0, number: 0 }

interface Outcome {
  readonly records: readonly unknown[]
  readonly bad: readonly DeadLetter[]
  readonly refused: readonly DeadLetter[]
}

type LogParser = Parser<Readonly<Record<string, unknown>>>

function lineByLine(content: Buffer, parser: LogParser, maxLineBytes: number, from: Place = start): Outcome {
  const records: unknown[] = []
  const bad: DeadLetter[] = []
  const refused: DeadLetter[] = []
  const splitter = new LineSplitter(path, maxLineBytes, (line) => refused.push(line), from.offset, from.number)
  for (const line of [...splitter.push(content.subarray(from.offset)), ...splitter.end()]) {
    const record = parser.parse(line)
    if (record instanceof Unparsable) bad.push(deadLetter(line, record.reason))
    else if (record !== noRecord) records.push(record)
  }
  return { records, bad, refused }
}

function inBlocks(
  content: Buffer,
  parser: LogParser,
  maxLineBytes: number,
  blockBytes: number,
  from: Place = start,
): Outcome & { readonly places: readonly Place[] } {
  writeFileSync(path, content)
  const { recipe } = parser
  if (recipe === undefined) throw new Error('no recipe')
  const parse = blockParser({ recipe, maxLineBytes })
  const reader = new ColumnReader(recipe.kinds)
  const records: unknown[] = []
  const bad: DeadLetter[] = []
  const refused: DeadLetter[] = []
  const places: Place[] = []
  let before = from.number
  for (let start = from.offset; start < content.length; start += blockBytes) {
    const block = parse({ path, start, end: Math.min(content.length, start + blockBytes) })
    if (block.lines > 0) places.push({ offset: block.offset, number: before })
    records.push(...reader.read(block.columns))
    for (const { row: _row, ...line } of block.bad) bad.push({ ...line, number: before + line.number })
    for (const line of block.refused) refused.push({ ...line, number: before + line.number })
    before += block.lines
  }
  return { records, bad, refused, places }
}

const host = fc.constantFrom('10.0.0.1', '::1', 'é.example', '-', 'a'.repeat(70))
const user = fc.constantFrom('-', '""', 'ada', 'ada lovelace')
const quoted = fc.constantFrom('-', 'GET / HTTP/1.1', String.raw`a \"b\" \x41`, '\\x16\\x03', 'ü', '')
const good = fc
  .record({ host, user, request: quoted, referer: quoted, agent: quoted, second: fc.integer({ min: 0, max: 59 }) })
  .map((hit) => {
    const time = `11/Oct/2018:10:00:${String(hit.second).padStart(2, '0')} +0000`
    return `${hit.host} - ${hit.user} [${time}] "${hit.request}" 200 - "${hit.referer}" "${hit.agent}"`
  })
const bad = fc.constantFrom(
  '',
  ' ',
  'no log line',
  '\uFEFF',
  '10.0.0.1 - - [11/Foo/2018:10:00:00 +0000] "-" 200 1 "-" "-"',
)
const content = fc
  .tuple(
    fc.constantFrom('', '\uFEFF'),
    fc.array(
      fc.tuple(fc.oneof({ weight: 4, arbitrary: good }, { weight: 1, arbitrary: bad }), fc.constantFrom('\n', '\r\n')),
      {
        maxLength: 6,
      },
    ),
    fc.boolean(),
  )
  .map(([mark, lines, isEnded]) => {
    const text = mark + lines.map(([line, end]) => line + end).join('')
    return Buffer.from(isEnded ? text : text.trimEnd())
  })
const fields = fc.constantFrom(
  combined({ fields: ['host', 'time'] }),
  combined({ fields: ['user', 'referer', 'agent', 'bytes'] }),
  combined({ fields: ['method', 'host', 'status'] }),
  combined(),
)

test('law 1: blocks give what reading line by line gives', () => {
  fc.assert(
    fc.property(
      content,
      fields,
      fc.integer({ min: 1, max: 400 }),
      fc.constantFrom(60, 200, 10_000),
      (bytes, parser, size, max) => {
        expect(inBlocks(bytes, parser, max, size)).toMatchObject(lineByLine(bytes, parser, max))
      },
    ),
    { numRuns: 1_000 },
  )
})

test('law 1, at every block size of a file with a line longer than blocks', () => {
  const text = [
    '10.0.0.1 - - [11/Oct/2018:10:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "-"',
    'x'.repeat(300),
    '::1 - - [11/Oct/2018:10:00:01 +0000] "GET / HTTP/1.1" 200 5 "-" "-"',
  ].join('\r\n')
  const parser = combined()
  for (let size = 1; size <= text.length; size++) {
    expect(inBlocks(Buffer.from(text), parser, 100, size)).toMatchObject(lineByLine(Buffer.from(text), parser, 100))
  }
})

test('law 2: what is read from a block on is the rest', () => {
  const sizes = fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 400 }))
  fc.assert(
    fc.property(content, fields, sizes, fc.constantFrom(60, 10_000), (bytes, parser, [size, other], max) => {
      const whole = lineByLine(bytes, parser, max)
      for (const from of inBlocks(bytes, parser, max, size).places) {
        const rest = lineByLine(bytes, parser, max, from)
        expect(inBlocks(bytes, parser, max, other, from)).toMatchObject(rest)
        expect(rest.bad).toEqual(whole.bad.filter(({ number }) => number > from.number))
        expect(rest.refused).toEqual(whole.refused.filter(({ number }) => number > from.number))
        expect(rest.records).toEqual(whole.records.slice(whole.records.length - rest.records.length))
        const read = (outcome: Outcome): number => outcome.records.length + outcome.bad.length + outcome.refused.length
        expect(read(rest)).toBe(read(whole) - from.number)
      }
    }),
    { numRuns: 200 },
  )
})

test('law 3: records come out of columns as they went in', () => {
  const record = fc.record({
    host: fc.option(fc.string(), { nil: undefined }),
    time: fc.option(fc.double({ noNaN: true }), { nil: undefined }),
  })
  fc.assert(
    fc.property(fc.array(fc.array(record, { maxLength: 20 }), { maxLength: 5 }), (batches) => {
      const kinds = { host: 'text', time: 'number' } as const
      const writer = new ColumnWriter(kinds)
      const reader = new ColumnReader(kinds)
      for (const batch of batches) {
        for (const one of batch) writer.add(one)
        expect(reader.read(writer.take())).toEqual(batch)
      }
    }),
    { numRuns: 1_000 },
  )
})

test('law 3: a dictionary that has become large begins anew, and what it held before is as good as new', () => {
  const kinds = { host: 'text' } as const
  const writer = new ColumnWriter(kinds)
  const reader = new ColumnReader(kinds)
  let fresh = 0
  for (let batch = 0; batch < 8; batch++) {
    const records = Array.from({ length: 20_000 }, (_, i) => ({ host: `host-${(batch * 15_000 + i) % 130_000}` }))
    for (const record of records) writer.add(record)
    const columns = writer.take()
    if (columns.isFresh.some(Boolean)) fresh += 1
    expect(reader.read(columns)).toEqual(records)
  }
  expect(fresh).toBeGreaterThan(1)
})

test('law 4: a text has one number, and a number one text', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 4 }), { maxLength: 2_000, size: 'max' }), (texts) => {
      const dictionary = new TextDictionary()
      const numbers = new Map<string, number>()
      for (const text of texts) {
        const bytes = Buffer.from(`"${text}"`)
        const number = dictionary.numberOf(bytes, 1, bytes.length - 1)
        const key = bytes.toString('latin1')
        if ((numbers.get(key) ?? numbers.size) !== number) expect.fail(`${key} is ${number}`)
        numbers.set(key, number)
      }
      expect(dictionary.takeAdded()).toHaveLength(numbers.size)
    }),
    { numRuns: 10 },
  )
})
