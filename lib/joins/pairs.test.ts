import { expect, test } from 'vitest'
import { groups } from './groups.ts'
import { pairs, type WindowJoinKind, windowJoinKinds } from './pairs.ts'
import { Sides } from './sides.ts'

function sidesOf(left: string, right: string): Sides<string, string, undefined> {
  const sides = new Sides<string, string, undefined>(undefined)
  for (const value of left) sides.add(value, 0)
  for (const value of right) sides.add(value, 1)
  return sides
}

/** All rows, written down: `p/x`, with nothing for a side that is missing. */
function rowsOf(kind: WindowJoinKind, left: string, right: string): string {
  const sides = sidesOf(left, right)
  const combination = pairs<string, string, WindowJoinKind>(kind)
  return Array.from({ length: combination.rows(sides) }, (_, i) => {
    const row = combination.row(sides, i)
    return typeof row === 'string' ? row : `${row.left ?? ''}/${row.right ?? ''}`
  }).join(' ')
}

test.each([
  { left: 'pq', right: 'xyz', inner: 'p/x p/y p/z q/x q/y q/z', semi: 'p q', anti: '' },
  { left: 'p', right: 'x', inner: 'p/x', semi: 'p', anti: '' },
  { left: 'pq', right: '', inner: '', semi: '', anti: 'p q', aloneLeft: 'p/ q/' },
  { left: '', right: 'xy', inner: '', semi: '', anti: '', aloneRight: '/x /y' },
])('of "$left" and "$right"', ({ left, right, inner, semi, anti, aloneLeft = '', aloneRight = '' }) => {
  expect(rowsOf('inner', left, right)).toBe(inner)
  expect(rowsOf('left', left, right)).toBe(inner + aloneLeft)
  expect(rowsOf('right', left, right)).toBe(inner + aloneRight)
  expect(rowsOf('full', left, right)).toBe(inner + aloneLeft + aloneRight)
  expect(rowsOf('semi', left, right)).toBe(semi)
  expect(rowsOf('anti', left, right)).toBe(anti)
})

test('more pairs than a 32-bit number counts', () => {
  const sides = new Sides<number, number, undefined>(undefined)
  for (let i = 0; i < 70_000; i++) for (const input of [0, 1]) sides.add(i, input)
  const { rows, row } = pairs<number, number, 'inner'>('inner')
  expect(rows(sides)).toBe(4_900_000_000)
  expect(row(sides, 4_899_999_999)).toEqual({ left: 69_999, right: 69_999 })
  expect(row(sides, 4_899_930_000)).toEqual({ left: 69_999, right: 0 })
  expect(row(sides, 4_899_929_999)).toEqual({ left: 69_998, right: 69_999 })
})

test('semi and anti joins need but one right value', () => {
  expect(windowJoinKinds.map((kind) => [kind, pairs(kind).rightLimit])).toEqual([
    ['inner', Infinity],
    ['left', Infinity],
    ['right', Infinity],
    ['full', Infinity],
    ['semi', 1],
    ['anti', 1],
  ])
})

test('groups are one row of all values', () => {
  const { rows, row } = groups<string, string>()
  for (const [left, right] of [
    ['pq', 'x'],
    ['p', ''],
    ['', 'x'],
  ] as const) {
    const sides = sidesOf(left, right)
    expect(rows(sides)).toBe(1)
    expect(row(sides, 0)).toEqual({ left: Array.from(left), right: Array.from(right) })
  }
})
