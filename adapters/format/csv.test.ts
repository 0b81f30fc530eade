import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { TidemarkError } from '../../lib/errors.ts'
import { csv, type CsvOptions } from './csv.ts'
import { lineOf } from './fixtures/line-of.ts'
import { reasonOf } from './fixtures/reason-of.ts'
import { noRecord, type Parser, Unparsable } from './parser.ts'

/** What comes of the lines of one source: records, reasons, and `header` for what is neither. */
function rows(parser: Parser<Record<string, string>>, lines: readonly string[], source = 'a.csv'): unknown[] {
  return lines.map((text, index) => {
    const record = parser.parse(lineOf(text, { source, number: index + 1 }))
    if (record === noRecord) return 'header'
    return record instanceof Unparsable ? record.reason : record
  })
}

test('takes the names from the first line of each source', () => {
  const parser = csv()
  expect(rows(parser, ['a,b', '1,2', 'x,y'])).toEqual(['header', { a: '1', b: '2' }, { a: 'x', b: 'y' }])
  expect(rows(parser, ['c', '3'], 'b.csv')).toEqual(['header', { c: '3' }])
  expect(parser.parse(lineOf('4,5', { source: 'a.csv', number: 4 }))).toEqual({ a: '4', b: '5' })
})

test('takes the first line of a source that begins again for its new header', () => {
  const parser = csv()
  rows(parser, ['a,b', '1,2'])
  expect(rows(parser, ['b,c', '1,2'])).toEqual(['header', { b: '1', c: '2' }])
})

test('with a header, takes the first line for a record', () => {
  expect(rows(csv({ header: ['a', 'b'] }), ['1,2', '3,4'])).toEqual([
    { a: '1', b: '2' },
    { a: '3', b: '4' },
  ])
})

const openQuote = 'unclosed quote (a field that spans lines is not supported)'

test.each<readonly [text: string, fields: readonly string[]]>([
  ['', ['']],
  [',', ['', '']],
  ['a', ['a']],
  ['a,b,c', ['a', 'b', 'c']],
  ['a,,', ['a', '', '']],
  ['"a"', ['a']],
  ['""', ['']],
  ['"",""', ['', '']],
  ['"a,b",c', ['a,b', 'c']],
  ['a,"b"', ['a', 'b']],
  ['a,"b",', ['a', 'b', '']],
  ['"a ""b"" c","""",""""""', ['a "b" c', '"', '""']],
  ['a"b,c""', ['a"b', 'c""']],
  [' "a" , b ', [' "a" ', ' b ']],
  ['é,"€,😀"', ['é', '€,😀']],
])('reads %j', (text, fields) => {
  const header = fields.map((_, index) => `c${index}`)
  const record = csv({ header }).parse(lineOf(text))
  expect(record).toStrictEqual(Object.fromEntries(fields.map((field, index) => [`c${index}`, field])))
})

test('splits at the delimiter asked for', () => {
  const parser = csv({ header: ['a', 'b'], delimiter: ';' })
  expect(rows(parser, ['1,5;"2;5"'])).toEqual([{ a: '1,5', b: '2;5' }])
  expect(reasonOf(parser, '"1","2"')).toBe("field 1: expected ';' or the end after the closing quote")
})

test.each([
  ['', 'empty line'],
  ['1', 'expected 2 fields as in the header, got 1'],
  ['1,2,3', 'expected 2 fields as in the header, got 3'],
  ['1,"2', openQuote],
  ['1,"', openQuote],
  ['1,"2""', openQuote],
  ['"1"x,2', "field 1: expected ',' or the end after the closing quote"],
  ['1,"2" ', "field 2: expected ',' or the end after the closing quote"],
])('refuses %j', (text, reason) => {
  expect(reasonOf(csv({ header: ['a', 'b'] }), text)).toBe(reason)
})

test.each([
  ['', 'header: empty line'],
  ['a,b,a', "header: expected names that differ, got 'a' twice"],
  ['a,"b', `header: ${openQuote}`],
])('refuses the header %j and all lines below it', (text, reason) => {
  expect(rows(csv(), [text, '1,2', '3'])).toEqual([reason, reason, reason])
})

test('refuses lines of a source whose first line it has not seen', () => {
  expect(reasonOf(csv(), '1,2')).toBe("header: the first line of 'test.log' was not among the lines")
})

test('remembers the headers of the 1,024 sources begun last', () => {
  const parser = csv()
  for (let index = 0; index < 1_024; index++) rows(parser, ['a'], `${index}.csv`)
  rows(parser, ['b'], '0.csv')
  rows(parser, ['a'], 'last.csv')
  expect(parser.parse(lineOf('1', { source: '0.csv' }))).toEqual({ b: '1' })
  expect(parser.parse(lineOf('1', { source: '2.csv' }))).toEqual({ a: '1' })
  expect(parser.parse(lineOf('1', { source: '1.csv' }))).toBeInstanceOf(Unparsable)
})

test('takes __proto__ for a column as any other', () => {
  const parser = csv({ header: ['__proto__', 'b'] })
  expect(Object.entries(parser.parse(lineOf('1,2')))).toEqual([
    ['__proto__', '1'],
    ['b', '2'],
  ])
})

test.each<readonly [options: CsvOptions, message: string]>([
  [{ header: [] }, 'csv: header: expected at least one column, got none'],
  [{ header: ['a', 'b', 'b'] }, "csv: header: expected names that differ, got 'b' twice"],
  [{ delimiter: '' }, "csv: delimiter must be one character and no quote or line break, got ''"],
  [{ delimiter: '||' }, "csv: delimiter must be one character and no quote or line break, got '||'"],
  [{ delimiter: '"' }, `csv: delimiter must be one character and no quote or line break, got '"'`],
  [{ delimiter: '\n' }, "csv: delimiter must be one character and no quote or line break, got '\n'"],
])('refuses the options %j', (options, message) => {
  expect(() => csv(options)).toThrow(new TidemarkError('invalid-argument', message))
})

const field = fc.string({ unit: fc.constantFrom('a', '"', ',', ' ', 'é', '\r'), maxLength: 6 })

property.prop([fc.array(fc.tuple(field, fc.boolean()), { minLength: 1, maxLength: 5 })])(
  'reads what was printed',
  (fields) => {
    const text = fields.map(([value, isQuoted]) =>
      isQuoted || /^"|,/.test(value) ? `"${value.replaceAll('"', '""')}"` : value,
    )
    const header = fields.map((_, index) => `c${index}`)
    const expected = Object.fromEntries(fields.map(([value], index) => [`c${index}`, value]))
    fc.pre(text.join(',') !== '' || header.length === 1)
    expect(csv({ header }).parse(lineOf(text.join(',')))).toStrictEqual(expected)
  },
)
