import { expect, test } from 'vitest'
import type { DeadLetter } from './dead-letter.ts'
import type { Line } from './line.ts'
import { LineSplitter } from './line-splitter.ts'

const mark = '\u{feff}'

/** What came of a text that was cut before each of `cuts`: `number@offset text`, and `number@offset !length` if refused. */
function split(text: string, cuts: readonly number[] = [], maxLineBytes = 1000): string[] {
  const bytes = Buffer.from(text)
  const seen: string[] = []
  const splitter = new LineSplitter('x', maxLineBytes, ({ number, offset, byteLength }) =>
    seen.push(`${number}@${offset} !${byteLength}`),
  )
  const see = (lines: readonly Line[]): void => {
    for (const line of lines) seen.push(`${line.number}@${line.offset} ${line.text}`)
  }
  let start = 0
  for (const cut of [...cuts, bytes.length]) {
    see(splitter.push(bytes.subarray(start, cut)))
    start = cut
  }
  see(splitter.end())
  // A refusal comes before the lines of the same chunk, so the order is by number.
  return seen.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
}

/** Every way to cut a text once, and twice. */
function* everyCut(text: string): Generator<number[]> {
  const { length } = Buffer.from(text)
  for (let first = 0; first <= length; first++) {
    yield [first]
    for (let second = first; second <= length; second++) yield [first, second]
  }
}

test('a sample with a byte order mark, CRLF and UTF-8 is the same lines however it is cut', () => {
  const sample = `${mark}grüß\r\ndie \u{1f30a}\n\r\nund\rTschüß`
  const expected = ['1@3 grüß', '2@11 die \u{1f30a}', '3@20 ', '4@22 und\rTschüß']
  expect(split(sample)).toEqual(expected)
  for (const cuts of everyCut(sample)) expect(split(sample, cuts), `cut at ${cuts.join(' and ')}`).toEqual(expected)
})

test.each([
  ['', []],
  ['\n', ['1@0 ']],
  ['\r\n', ['1@0 ']],
  ['\n\n', ['1@0 ', '2@1 ']],
  ['a', ['1@0 a']],
  ['a\n', ['1@0 a']],
  ['a\r', ['1@0 a\r']],
  ['a\rb\n', ['1@0 a\rb']],
  ['a\r\r\nb', ['1@0 a\r', '2@4 b']],
  [mark, []],
  [`${mark}\n`, ['1@3 ']],
  [`${mark}a`, ['1@3 a']],
  [`${mark}${mark}a`, [`1@3 ${mark}a`]],
  [`a\n${mark}b`, ['1@0 a', `2@2 ${mark}b`]],
  [`\n${mark}`, ['1@0 ', `2@1 ${mark}`]],
])('%j is %j', (text, expected) => {
  for (const cuts of everyCut(text)) expect(split(text, cuts)).toEqual(expected)
})

test.each([
  ['abcd\nb\n', ['1@0 abcd', '2@5 b']],
  ['abcde\nb\n', ['1@0 !5', '2@6 b']],
  ['abcd\r\nb\n', ['1@0 abcd', '2@6 b']],
  ['abcde\r\nb\n', ['1@0 !5', '2@7 b']],
  ['abcdefghijklmn\r\nb\n', ['1@0 !14', '2@16 b']],
  ['a\nabcd\r', ['1@0 a', '2@2 !5']],
  ['a\nabcdefghijklmn', ['1@0 a', '2@2 !14']],
  [`${mark}abcd\r\nb`, ['1@3 abcd', '2@9 b']],
  [`${mark}abcde\r\nb`, ['1@3 !5', '2@10 b']],
  [`${mark}abcdefghijklmn\r\nb`, ['1@3 !14', '2@19 b']],
  ['a\nabcdefgh\nabcdefghi\nb\n', ['1@0 a', '2@2 !8', '3@11 !9', '4@21 b']],
])('at most 4 bytes a line: %j is %j', (text, expected) => {
  for (const cuts of everyCut(text)) expect(split(text, cuts, 4)).toEqual(expected)
})

test('a refused line says where it was, how long and why', () => {
  const refused: DeadLetter[] = []
  const splitter = new LineSplitter('access.log', 3, (line) => refused.push(line))
  expect(splitter.push(Buffer.from('a\nb'))).toHaveLength(1)
  expect(splitter.push(Buffer.from('bbb\n'))).toEqual([])
  expect(refused).toEqual([
    { source: 'access.log', number: 2, offset: 2, byteLength: 4, reason: 'longer than 3 bytes' },
  ])
})

test('a line within one chunk is not copied, one that was cut is', () => {
  const splitter = new LineSplitter('x', 1000, () => {})
  const chunks = [Buffer.from('ab\ncd\ne'), Buffer.from('f\ngh\n')]
  const lines = chunks.flatMap((chunk) => splitter.push(chunk))
  expect(lines.map((line) => line.text)).toEqual(['ab', 'cd', 'ef', 'gh'])
  expect(lines.map((line) => chunks.findIndex((chunk) => chunk === line.bytes))).toEqual([0, 0, -1, 1])
})

test('a line that was cut does not change when the next one is', () => {
  const splitter = new LineSplitter('x', 1000, () => {})
  const lines = ['first', '\nsecond', '\nthird', '\n'].flatMap((text) => splitter.push(Buffer.from(text)))
  expect(lines.map((line) => line.text)).toEqual(['first', 'second', 'third'])
})

test('of an endless line no more is held than the limit', () => {
  const splitter = new LineSplitter('x', 1000, () => {})
  const chunk = Buffer.alloc(2 ** 20, 'x')
  const before = process.memoryUsage().arrayBuffers
  for (let i = 0; i < 64; i++) splitter.push(chunk)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20)
  expect(splitter.offset).toBe(2 ** 26)
})

test('a source entered in the middle has no byte order mark there, and counts its bytes from its start', () => {
  const splitter = new LineSplitter('x', 1000, () => {}, 7)
  const lines = [...splitter.push(Buffer.from(`${mark}a\nb`)), ...splitter.end()]
  expect(lines.map(({ number, offset, text }) => `${number}@${offset} ${text}`)).toEqual([`1@7 ${mark}a`, '2@12 b'])
})
