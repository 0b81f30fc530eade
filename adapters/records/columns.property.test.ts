// Laws of columns:
// 1. Records come out of columns as they went in, also when dictionaries begin anew.
// 2. What is spelled alike has one number until its dictionary begins anew, and no other has it; numbers are given in order.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { common } from '../format/common.ts'
import { json } from '../format/json.ts'
import type { Parser } from '../format/parser.ts'
import type { Block, ParsedBlock } from './block.ts'
import { ColumnReader } from './columns.ts'
import { ColumnWriter } from './column-writer.ts'
import { newKernel } from './kernel.ts'
import { blockParser } from './parse-block.ts'

const folder = mkdtempSync(join(tmpdir(), 'tidemark-columns-'))
const path = join(folder, 'some.jsonl')
afterAll(() => rmSync(folder, { recursive: true }))

const whole = { path, start: 0, end: 2 ** 30 }

function parserOfBlocks({ recipe }: Parser<unknown>): (block: Block) => ParsedBlock {
  if (recipe === undefined) throw new Error('no recipe')
  return blockParser({ recipe, maxLineBytes: 2 ** 20 })
}

test('law 1: records come out of columns as they went in', () => {
  const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
    fc.option(arbitrary, { nil: undefined })
  const hit = fc.record(
    { host: optional(fc.string()), time: optional(fc.double({ noNaN: true })) },
    { noNullPrototype: true },
  )
  const kinds = { host: 'text', time: 'number' } as const
  fc.assert(
    fc.property(fc.array(fc.array(hit, { maxLength: 20 }), { maxLength: 5 }), (batches) => {
      const writer = new ColumnWriter(newKernel(), { format: 'common', kinds })
      const reader = new ColumnReader(kinds)
      for (const batch of batches) {
        for (const one of batch) writer.add(one)
        expect(reader.read(writer.take())).toStrictEqual(batch)
      }
    }),
    { numRuns: 300 },
  )
})

test('law 1: values of any kind, and what is no instant', () => {
  const kinds = { time: 'instant', any: 'value' } as const
  const writer = new ColumnWriter(newKernel(), { format: 'json', kinds })
  const reader = new ColumnReader(kinds)
  const values = [undefined, null, -0, Infinity, 'x', '', [1, [2]], { a: undefined }, false]
  const records = values.flatMap((any) => [7, 'x', null, undefined].map((time) => ({ time, any })))
  // More than there is room for.
  const many = Array.from({ length: 1_000 }, () => records).flat()
  for (const record of many) writer.add(record)
  expect(writer.rows).toBe(many.length)
  expect(reader.read(writer.take())).toStrictEqual(many)
  expect(writer.rows).toBe(0)
})

test.each([
  // So many of one length that some have the same hash of 32 bits.
  ['many texts', 300_000, (i: number) => `host-${1_000_000 + i}`],
  ['long texts', 4_000, (i: number) => `${i} ${'x'.repeat(3_000)}`],
])('law 1: a dictionary of %s begins anew, and what it held before is as good as new', (_, count, text) => {
  const parser = json({ fields: ['host', 'n'] })
  const parse = parserOfBlocks(parser)
  const reader = new ColumnReader(parser.recipe?.kinds ?? {})
  let fresh = 0
  for (let batch = 0; batch < 3; batch++) {
    const records = Array.from({ length: count }, (_, i) => ({ host: text(i + batch * 7), n: i % 3 }))
    writeFileSync(path, records.map((record) => `${JSON.stringify(record)}\n`).join(''))
    const { columns } = parse(whole)
    fresh += columns.isFresh[0] === true ? 1 : 0
    expect(columns.isFresh[1]).toBe(batch === 0)
    expect(reader.read(columns)).toStrictEqual(records)
  }
  expect(fresh).toBe(3)
})

test('law 2: a text is told from those that begin with it', () => {
  const parser = common({ fields: ['host'] })
  const records = Array.from({ length: 1_500 }, (_, i) => ({ host: 'x'.repeat(1_500 - i) }))
  const rest = '- - [11/Oct/2018:10:00:00 +0000] "-" 200 1'
  writeFileSync(path, records.map(({ host }) => `${host} ${rest}\n`).join(''))
  const { columns } = parserOfBlocks(parser)(whole)
  expect(new ColumnReader(parser.recipe?.kinds ?? {}).read(columns)).toStrictEqual(records)
})

test('law 2: a spelling has one number, and a number one spelling', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 4 }),
    // Alike but for the last byte, or the last of eight or sixteen.
    fc
      .tuple(fc.constantFrom(0, 5, 6, 7, 13, 14, 15, 30), fc.constantFrom('', 'a', 'b'))
      .map(([n, end]) => 'x'.repeat(n) + end),
  )
  const parser = json({ fields: ['a', 'b'] })
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { maxLength: 3_000, size: 'max' }), fc.nat(5), (pairs, parts) => {
      const parse = parserOfBlocks(parser)
      const numbers = [new Map<string, number>(), new Map<string, number>()]
      for (let part = 0; part <= parts; part++) {
        const some = pairs.filter((_, i) => i % (parts + 1) === part)
        writeFileSync(path, some.map(([a, b]) => `${JSON.stringify({ a, b })}\n`).join(''))
        const { cells, texts } = parse(whole).columns
        for (const [row, pair] of some.entries()) {
          for (const [column, value] of pair.entries()) {
            const known = numbers[column] ?? new Map<string, number>()
            const number = known.get(value) ?? known.size
            known.set(value, number)
            if (cells[column]?.[row] !== number) expect.fail(`${value} is ${cells[column]?.[row]}, not ${number}`)
          }
        }
        expect(texts[0]?.length).toBeLessThanOrEqual(numbers[0]?.size ?? 0)
        const all = [...(numbers[0]?.keys() ?? [])]
        expect(texts[0]).toStrictEqual(all.slice(all.length - (texts[0]?.length ?? 0)))
      }
    }),
    { numRuns: 20 },
  )
})
