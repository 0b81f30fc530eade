import { expect, test } from 'vitest'
import { parseFormat } from './format-spec.ts'

test('reads the names of formats', () => {
  for (const kind of ['combined', 'common', 'json', 'logfmt', 'csv', 'tsv']) expect(parseFormat(kind)).toEqual({ kind })
})

test('leaves it to the lines', () => {
  expect([parseFormat(undefined), parseFormat('auto')]).toEqual([undefined, undefined])
})

test('reads regular expressions, with slashes in them and flags behind them', () => {
  expect(parseFormat(String.raw`regex:/^(?<time>\S+) \/(?<path>.*)/$/i`)).toEqual({
    kind: 'regex',
    pattern: /^(?<time>\S+) \/(?<path>.*)\/$/i,
    groups: ['time', 'path'],
  })
})

test.each([
  ['jsn', "did you mean 'json'?"],
  ['regex', "got 'regex'"],
  ['regex://', "got 'regex://'"],
  ['regex:/a', "got 'regex:/a'"],
  ['regex:/(?<a>.)/k', "Invalid flags supplied to RegExp constructor 'k'"],
  ['regex:/(?<a>/', 'Unterminated group'],
  ['regex:/(a)/', 'it needs named groups'],
])('refuses %j', (text, message) => {
  expect(() => parseFormat(text)).toThrow(message)
  expect(() => parseFormat(text)).toThrow('--parse: expected a format: auto, combined,')
})
