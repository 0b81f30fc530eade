import { expect, test } from 'vitest'
import { lineOf } from './fixtures/line-of.ts'
import { reasonOf } from './fixtures/reason-of.ts'
import { json } from './json.ts'

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
