import { expect, test } from 'vitest'
import type { DeadLetter } from '../line/dead-letter.ts'
import { LineSplitter } from '../line/line-splitter.ts'
import { textLines } from './text-lines.ts'

/** What is let through and refused of lines that come in pieces. */
function sifted(...pieces: readonly Buffer[]): readonly [texts: string[], refused: number[]] {
  const refused: DeadLetter[] = []
  const splitter = new LineSplitter('peer', 100, () => {})
  const lines = pieces.flatMap((piece) => textLines(splitter.push(piece), (line) => refused.push(line)))
  return [lines.map(({ text }) => text), refused.map(({ number }) => number)]
}

const latin = (text: string): Buffer => Buffer.from(text, 'latin1')

test.each([
  ['nothing', [Buffer.alloc(0)], [], []],
  ['what is UTF-8', [Buffer.from('é\nb\n€\n')], ['é', 'b', '€'], []],
  ['a bad one alone', [latin('\xe9\n')], [], [1]],
  ['the first of several', [latin('\xe9\nb\n')], ['b'], [1]],
  ['the last of several', [latin('a\nb\n\xe9\n')], ['a', 'b'], [3]],
  ['a bad one that was cut in two', [latin('\xe9'), latin('t\nb\nc\n')], ['b', 'c'], [1]],
  ['bad ones behind one that was cut in two', [latin('a'), latin('b\n\xe9\nc\n')], ['ab', 'c'], [2]],
  ['a character that was cut in two', [Buffer.from('€').subarray(0, 2), Buffer.from([0xac, 0x0a])], ['€'], []],
  ['two halves of one, on two lines', [Buffer.from([0xc3, 0x0a, 0xa9, 0x0a])], [], [1, 2]],
])('%s', (_, pieces, texts, refused) => {
  expect(sifted(...pieces)).toEqual([texts, refused])
})
