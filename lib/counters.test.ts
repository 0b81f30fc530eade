import { expect, test } from 'vitest'
import { balances, Counters, type Ledger } from './counters.ts'

const empty: Ledger = { in: 0, contributed: 0, late: 0, closed: 0, noWindow: 0, filtered: 0, refused: 0, held: 0 }
const places = ['contributed', 'late', 'closed', 'noWindow', 'filtered', 'refused', 'held'] as const

test.each(places)('an event in %s is accounted for, and no other is', (place) => {
  expect(balances({ ...empty, in: 1, [place]: 1 })).toBe(true)
  expect(balances({ ...empty, in: 2, [place]: 1 })).toBe(false)
  expect(balances({ ...empty, in: 1, [place]: 2 })).toBe(false)
})

test('one event can not stand in for another', () => {
  expect(balances({ ...empty, in: 3, contributed: 1, late: 1, held: 1 })).toBe(true)
  expect(balances({ ...empty, in: 2, contributed: 1, late: 1, held: 1 })).toBe(false)
})

test('counters begin at 0', () => {
  expect(Object.values(new Counters())).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
})
