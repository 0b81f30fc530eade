// Columns come to the same as their records: in blocks of any size, with dictionaries that begin anew at any of them.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Columns, ColumnReader } from '../../adapters/records/columns.ts'
import type { Subtotal, Sum } from '../../lib/subtotals/subtotal.ts'
import { SliceSubtotaller } from '../../lib/subtotals/subtotaller.ts'
import { tumbling } from '../../lib/windows/tumbling.ts'
import { parseAggregates } from '../aggregate-spec.ts'
import { loadAggregates, ofRecords } from '../aggregates.ts'
import type { Fields } from '../field.ts'
import { FieldsByName } from '../fields-by-name.ts'
import { keyOf } from '../key-of.ts'
import type { Key } from '../../operators/key-by.ts'
import { accessLogTimes } from '../times.ts'
import { ColumnField } from './column-field.ts'
import { ColumnList } from './column-list.ts'
import { ColumnTaker } from './column-taker.ts'
import { noLines } from './range.ts'
import { RecordTaker } from './record-taker.ts'
import { ValueLists } from './value-lists.ts'

const kinds = { time: 'number', user: 'text', path: 'text', size: 'number' } as const
const names = Object.keys(kinds)

interface Block {
  /** Whether dictionaries begin anew. */
  readonly isFresh: boolean
  readonly rows: readonly Fields[]
}

const row = fc.record({
  time: fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 0, max: 50 }) }, fc.constant(undefined)),
  user: fc.constantFrom('ada', 'bob', 'eve', undefined),
  path: fc.constantFrom('/', '12', '13', '', undefined),
  size: fc.constantFrom(1, 2, 2.5, -3, undefined),
})
const blocks = fc.array(fc.record({ isFresh: fc.boolean(), rows: fc.array(row, { maxLength: 20 }) }), { maxLength: 5 })
const ranges = fc.array(blocks, { maxLength: 3 })

/** Makes columns of blocks, one behind the other. */
function writer(): (block: Block, isFirst: boolean) => Columns {
  const dictionaries = new Map<string, Map<unknown, number>>()
  return ({ isFresh, rows }, isFirst) => {
    const begins = isFresh || isFirst
    const texts: unknown[][] = []
    const cells = Object.entries(kinds).map(([name, kind], column): Columns['cells'][number] => {
      const added: unknown[] = []
      texts[column] = added
      if (kind === 'number') return Float64Array.from(rows, (record) => Number(record[name] ?? Number.NaN))
      const known = (begins ? undefined : dictionaries.get(name)) ?? new Map<unknown, number>()
      dictionaries.set(name, known)
      return Int32Array.from(rows, ({ [name]: text }) => {
        if (text === undefined) return -1
        if (!known.has(text)) {
          known.set(text, known.size)
          added.push(text)
        }
        return known.get(text) ?? -1
      })
    })
    return { rows: rows.length, cells, texts, isFresh: names.map(() => begins), exceptions: names.map(() => []) }
  }
}

test('columns come to what their records come to', async () => {
  const questions = fc.record({
    by: fc.subarray(['user', 'path', 'size']),
    list: fc.subarray(
      ['count()', 'distinct(path)', 'distinct(user)', 'max(path)', 'sum(size)', 'list(path)', 'last(size)'],
      {
        minLength: 1,
      },
    ),
    delay: fc.constantFrom(0, 3, 10, Infinity),
  })
  await fc.assert(
    fc.asyncProperty(ranges, questions, async (all, { by, list, delay }) => {
      const aggregates = await loadAggregates(parseAggregates(list))
      const { series } = tumbling(10)
      const taker = new ColumnTaker({ kinds, time: 'time', by, aggregates, series, delay })
      /** A list and a set of the same values are the same. */
      const ofPart = (part: unknown, i: number): unknown =>
        aggregates[i]?.isOfLists === true ? new Set(part as Iterable<unknown>) : part
      const normal = (subtotals: readonly Subtotal<Key, Fields>[]): readonly unknown[] =>
        subtotals.map((subtotal) => {
          const { accumulator } = subtotal as Sum<Key>
          const parts = aggregates.length === 1 ? [accumulator] : (accumulator as readonly unknown[])
          return { ...subtotal, accumulator: parts.map((part, at) => ofPart(part, at)) }
        })
      const write = writer()
      const lists = new ValueLists()
      for (const [i, range] of all.entries()) {
        const fields = new FieldsByName()
        const keys = by.map(fields.of)
        const aggregate = ofRecords(aggregates, fields.of)
        const subtotaller = new SliceSubtotaller<Fields, Key>({ aggregate, series, delay })
        const records = new RecordTaker({ derived: undefined, keyOf: keyOf(keys) }, accessLogTimes, subtotaller)
        let areInTime = true
        for (const [j, block] of range.entries()) {
          for (const record of block.rows) records.take(record, 1)
          areInTime = taker.add(write(block, i === 0 && j === 0)) && areInTime
        }
        const { subtotals, end, untimed } = taker.take()
        const seen = taker.seen()
        expect(areInTime).toBe(records.areInTime)
        if (!areInTime) continue
        const made = { subtotals, end, counts: noLines(), failures: [], failed: 0, fields: [] }
        const resolved = lists.resolve({ ...made, lists: taker.takeValues() }).subtotals
        expect(normal(resolved)).toEqual(normal(subtotaller.finish()))
        expect(end).toBe(subtotaller.end)
        expect(untimed).toBe(records.counts.untimed)
        const known = fields.take()
        expect(seen.map(({ notNumbers }) => notNumbers)).toEqual(known.map(({ notNumbers }) => notNumbers))
        // Nobody looks for what is not read.
        const fieldNames = [...new Set([...by, ...aggregates.map(({ field }) => field)])]
        expect(seen.map(({ isSeen }) => isSeen)).toEqual(known.map(({ isSeen }, at) => isSeen || fieldNames[at] === ''))
      }
    }),
    { numRuns: 500 },
  )
})

test('values are forgotten when there are many, and get other numbers then', () => {
  const field = new ColumnField(0, 'scalar')
  const list = new ColumnList(field)
  const lists = new ValueLists()
  const rows = 40_000
  for (let range = 0; range < 4; range++) {
    const values = Array.from({ length: rows }, (_, i) => `${range} ${i}`)
    const columns: Columns = {
      rows,
      cells: [Int32Array.from(values.keys())],
      texts: [values],
      isFresh: [true],
      exceptions: [[]],
    }
    list.add(columns, new Float64Array(rows), new Int32Array(rows), 1)
    const [accumulator] = list.take()
    const made = list.takeValues()
    expect(made.isFresh).toBe(range % 2 === 0)
    const subtotals = [{ key: 'a', time: 0, watermark: undefined, accumulator }]
    const resolved = lists.resolve({
      subtotals,
      end: 0,
      counts: noLines(),
      failures: [],
      failed: 0,
      fields: [],
      lists: [{ aggregate: undefined, ...made }],
    })
    expect(resolved.subtotals).toEqual([{ ...subtotals[0], accumulator: values }])
  }
})

test('the columns of this test are read as the records they were made of', () => {
  fc.assert(
    fc.property(blocks, (all) => {
      const write = writer()
      const reader = new ColumnReader<Fields>(kinds)
      for (const [i, block] of all.entries()) expect(reader.read(write(block, i === 0))).toEqual(block.rows)
    }),
  )
})
