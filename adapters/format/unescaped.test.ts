import { expect, test } from 'vitest'
import { lineOf } from './fixtures/line-of.ts'
import { unescaped } from './unescaped.ts'

test.each([
  ['', ''],
  ['plain é', 'plain é'],
  [String.raw`\"\\\b\n\r\t\v`, '"\\\b\n\r\t\v'],
  [String.raw`\x41\x7e\x7E\x00`, 'A~~\0'],
  [String.raw`\xe2\x82\xacu\xE2\x82\xAC`, '€u€'],
  ['\\xc3\u00a9', '\ufffd©'],
  [String.raw`\xff\xc3`, '\ufffd\ufffd'],
  // What neither Apache nor nginx writes stands for itself.
  [String.raw`C:\Users\admin \q\X41\u0041\1`, String.raw`C:\Users\admin \q\X41\u0041\1`],
  [String.raw`\x4 \xg0 \x`, String.raw`\x4 \xg0 \x`],
  ['\\', '\\'],
  [String.raw`\\x41`, String.raw`\x41`],
])('undoes the escapes of %j', (escaped, text) => {
  const { bytes, start, end } = lineOf(escaped)
  expect(unescaped(bytes, start, end)).toBe(text)
})
