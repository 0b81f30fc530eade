import { expect, test } from 'vitest'
import { TidemarkError } from '../../lib/errors.ts'
import { lineOf } from './fixtures/line-of.ts'
import { reasonOf } from './fixtures/reason-of.ts'
import { noRecord } from './parser.ts'
import { tsv } from './tsv.ts'

test('splits at tabs alone, without quotes or escapes', () => {
  const parser = tsv({ header: ['a', 'b', 'c'] })
  expect(parser.parse(lineOf('"1\t2,"\t\\t '))).toStrictEqual({ a: '"1', b: '2,"', c: '\\t ' })
  expect(parser.parse(lineOf('\t\t'))).toStrictEqual({ a: '', b: '', c: '' })
})

test('takes the names from the first line', () => {
  const parser = tsv()
  expect(parser.parse(lineOf('a\tb', { number: 1 }))).toBe(noRecord)
  expect(parser.parse(lineOf('1\t2', { number: 2 }))).toStrictEqual({ a: '1', b: '2' })
})

test('refuses as csv does', () => {
  expect(reasonOf(tsv({ header: ['a', 'b'] }), '1\t2\t3')).toBe('expected 2 fields as in the header, got 3')
  expect(reasonOf(tsv({ header: ['a', 'b'] }), '')).toBe('empty line')
  expect(() => tsv({ header: [] })).toThrow(
    new TidemarkError('invalid-argument', 'tsv: header: expected at least one column, got none'),
  )
})
