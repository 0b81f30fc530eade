import { expect, test } from 'vitest'
import { lineOf } from './fixtures/line-of.ts'
import { reasonOf } from './fixtures/reason-of.ts'
import { Line } from '../line/line.ts'
import { json } from './json.ts'
import type { JsonOptions } from './json-fields.ts'

test.each(['{"a":[1,"é",null]}', ' {} ', '"text"', '0', 'null', 'true', '[]', '{"__proto__":1}'])(
  'reads %s',
  (text) => {
    expect(json().parse(lineOf(text))).toStrictEqual(JSON.parse(text))
  },
)

test.each([
  ['', 'empty line'],
  [' \t ', 'empty line'],
  ['{', "JSON: Expected property name or '}' in JSON at position 1"],
  ['{"a":}', "JSON: Unexpected token '}'"],
  ['[,', "JSON: Unexpected token ','"],
  ['{"a, \\"b":, "c": "]"}', "JSON: Unexpected token ','"],
  ['[1,', 'JSON: Unexpected end of JSON input'],
  ['"abc', 'JSON: Unterminated string in JSON at position 4'],
  ['{"a" 1}', "JSON: Expected ':' after property name in JSON at position 5"],
  ['1 2', 'JSON: Unexpected non-whitespace character after JSON at position 2'],
  ['NaN', 'JSON: not a value'],
  ['hello, "world", and a long text that is cut in the message', "JSON: Unexpected token 'h'"],
])('refuses %j', (text, reason) => {
  expect(reasonOf(json(), text)).toBe(reason)
})

test.each([
  [
    '{"at":"2026-01-01T00:00:00Z","level":"info","x":1}',
    { at: Date.UTC(2026, 0, 1), level: 'info', toString: undefined },
  ],
  ['{"level":null}', { at: undefined, level: null, toString: undefined }],
  ['{"at":1700000000.5,"toString":[1]}', { at: 1_700_000_000_500, level: undefined, toString: [1] }],
  ['{"at":"soon","at":"never"}', { at: 'never', level: undefined, toString: undefined }],
  [String.raw`{"\u0061t":5,"__proto__":{"level":1}}`, { at: 5_000, level: undefined, toString: undefined }],
])('reads the fields of %s', (text, record) => {
  expect(json({ fields: ['at', 'level', 'toString'], instant: 'at' }).parse(lineOf(text))).toStrictEqual(record)
})

test.each(['[1]', '1', '"a"', 'null'])('refuses %s where fields are asked for', (text) => {
  expect(reasonOf(json({ fields: ['a'] }), text)).toBe('JSON: expected an object')
})

test('refuses what is not well-formed, whatever fields are asked for', () => {
  expect(reasonOf(json({ fields: [] }), '{"a":1]')).toBe(reasonOf(json(), '{"a":1]'))
  expect(reasonOf(json({ fields: ['a'] }), ' ')).toBe('empty line')
})

test('a name that broken text is read as is left to JSON.parse', () => {
  const parser = json({ fields: ['\uFFFD'] })
  const bytes = Buffer.from('{"?":1}')
  bytes[2] = 0xff
  expect(parser.parse(new Line(bytes, 0, bytes.length, 'test', 1, 0))).toEqual({ '\uFFFD': 1 })
  expect(parser.recipe).toBeUndefined()
})

test('fields are checked', () => {
  expect(() => json({ fields: ['a', '__proto__'] })).toThrow(
    "json: fields must be names other than '__proto__', got it",
  )
  const options: JsonOptions = { fields: ['a'], instant: 'at' }
  expect(() => json(options)).toThrow("json: instant must be one of the fields, got 'at'")
})
