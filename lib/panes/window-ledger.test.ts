import { expect, test } from 'vitest'
import { balances, Counters } from '../counters.ts'
import { WindowLedger } from './window-ledger.ts'

test('counts what becomes of each event, and hands on what no window takes', () => {
  const counters = new Counters()
  const late: string[] = []
  const closed: string[] = []
  const writer = (to: string[]) => ({ write: (event: string) => void to.push(event), end() {} })
  const ledger = new WindowLedger<string>(counters, { late: writer(late), closed: writer(closed) })
  const balanced = (): boolean => balances({ ...counters.counts(), held: ledger.held, contributed: ledger.contributed })

  counters.in = 3
  for (const drops of [0, 2, 1]) ledger.take(drops)
  expect([ledger.held, counters.windowDrops, balanced()]).toEqual([3, 3, true])
  ledger.free(2)
  expect([ledger.held, ledger.contributed, balanced()]).toEqual([1, 2, true])
  counters.in += 4
  ledger.late('a')
  ledger.late('b')
  ledger.closed('c')
  ledger.noWindow()
  expect(counters.counts()).toMatchObject({ late: 2, closed: 1, noWindow: 1 })
  expect([late, closed, balanced()]).toEqual([['a', 'b'], ['c'], true])
})

test('does without outputs', () => {
  const counters = new Counters()
  const ledger = new WindowLedger<string>(counters, { late: undefined, closed: undefined })
  ledger.late('a')
  ledger.closed('b')
  expect(counters).toMatchObject({ late: 1, closed: 1 })
})
