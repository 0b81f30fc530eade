import { expect, test } from 'vitest'
import { Sequence } from './sequence.ts'
import { Sequences } from './sequences.ts'

function lostOf(...numbers: readonly number[]): number {
  const sequence = new Sequence()
  return numbers.reduce((sum, number) => sum + sequence.see(number), 0) + sequence.end()
}

test.each([
  ['nothing is missing', [5, 6, 7], 0],
  ['one is', [5, 7], 1],
  ['one came late', [5, 7, 6], 0],
  ['one came twice', [5, 6, 6, 7, 5], 0],
  ['some are, and one of them came late', [1, 5, 9, 7, 10], 5],
  ['many are', [1, 1_000_001], 999_999],
  ['the sender began again', [1_000, 1_001, 1, 2, 4], 1],
  ['the sender began again, with some missing before', [1_000, 1_003, 1, 2], 2],
])('%s', (_, numbers, lost) => {
  expect(lostOf(...numbers)).toBe(lost)
})

test('what has not come by 256 others is lost at once', () => {
  const sequence = new Sequence()
  sequence.see(0)
  expect(sequence.see(2)).toBe(0)
  for (let number = 4; number < 512; number += 2) expect(sequence.see(number)).toBe(0)
  expect(sequence.see(512)).toBe(0)
  expect(sequence.see(514)).toBe(1)
  // Too late: it has been counted.
  expect(sequence.see(1)).toBe(0)
  expect(sequence.see(3)).toBe(0)
  expect(sequence.end()).toBe(255)
})

test('senders are apart, and of very many the ones heard longest ago are given up', () => {
  const lost: [string, number][] = []
  const sequences = new Sequences((sender, count) => lost.push([sender, count]))
  sequences.see('a', 1)
  sequences.see('b', 7)
  sequences.see('a', 3)
  for (let other = 0; other < 1_024; other++) {
    if (other === 500) sequences.see('b', 8)
    sequences.see(`other ${other}`, 1)
  }
  expect(lost).toEqual([['a', 1]])
  sequences.see('b', 10)
  sequences.end()
  expect(lost).toEqual([
    ['a', 1],
    ['b', 1],
  ])
})
