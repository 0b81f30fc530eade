import { describe, expect, test } from 'vitest'
import { event, type Event } from '../element.ts'
import { History, isDelete } from './history.ts'

type Change = Event<string | null, string, undefined>

/** Changes of a key, told as `A@1`; `-@1` deletes. */
function historyOf(first: string, ...others: readonly string[]): History<Change> {
  const history = new History(changeOf(first), -Infinity)
  for (const other of others) history.add(changeOf(other))
  return history
}

function changeOf(text: string): Change {
  const [value = '', time] = text.split('@')
  return event(value === '-' ? null : value, Number(time), 'key')
}

/** What was valid at each of the times 0 to 9. */
function rowsOf(history: History<Change>): string {
  return Array.from({ length: 10 }, (_, time) => {
    const change = history.at(time)
    return change === undefined ? '.' : (change.value ?? '-')
  }).join('')
}

test.each([
  [null, true],
  [undefined, true],
  [0, false],
  ['', false],
  [false, false],
  [Number.NaN, false],
])('%o deletes: %s', (value, deletes) => {
  expect(isDelete(event(value, 1))).toBe(deletes)
})

describe('a change', () => {
  test.each([
    [['A@3'], '...AAAAAAA'],
    [['A@3', 'B@5'], '...AABBBBB'],
    [['B@5', 'A@3'], '...AABBBBB'],
    [['A@3', 'C@7', 'B@5'], '...AABBCCC'],
    [['A@3', '-@5', 'B@7'], '...AA--BBB'],
    [['A@3', 'B@3'], '...BBBBBBB'],
    [['A@3', 'C@7', 'B@3'], '...BBBBCCC'],
    [['A@3', '-@3'], '...-------'],
    [['A@-1', 'B@0'], 'BBBBBBBBBB'],
  ])('is valid until the next one: %s', ([first = '', ...others], rows) => {
    expect(rowsOf(historyOf(first, ...others))).toBe(rows)
  })

  test('takes the place of another one of its time', () => {
    const history = historyOf('A@3', 'C@7')
    expect(history.add(changeOf('B@3'))).toBe(true)
    expect(history.add(changeOf('D@7'))).toBe(true)
    expect(history.add(changeOf('E@5'))).toBe(false)
    expect(history.size).toBe(3)
  })
})

describe('what a watermark frees', () => {
  test.each([
    // One change stays, however long ago it was.
    { changes: ['A@3'], watermark: 9, freed: 0, rows: '...AAAAAAA', due: Infinity, since: -Infinity },
    { changes: ['A@3', 'B@5'], watermark: 4, freed: 0, rows: '...AABBBBB', due: 5, since: -Infinity },
    { changes: ['A@3', 'B@5'], watermark: 5, freed: 1, rows: '.....BBBBB', due: Infinity, since: 5 },
    { changes: ['A@1', 'B@2', 'C@3', 'D@8'], watermark: 7, freed: 2, rows: '...CCCCCDD', due: 8, since: 3 },
    // A delete goes, too, but not what follows.
    { changes: ['-@3'], watermark: 2, freed: 0, rows: '...-------', due: 3, since: -Infinity },
    { changes: ['-@3'], watermark: 3, freed: 1, rows: '..........', due: Infinity, since: 3 },
    { changes: ['A@1', '-@3', 'B@8'], watermark: 3, freed: 2, rows: '........BB', due: Infinity, since: 3 },
    { changes: ['A@1', '-@3', '-@8'], watermark: 3, freed: 2, rows: '........--', due: 8, since: 3 },
  ])('$watermark of $changes: $freed', ({ changes: [first = '', ...others], watermark, freed, rows, due, since }) => {
    const history = historyOf(first, ...others)
    const { size } = history
    expect(history.free(watermark)).toBe(freed)
    expect(history.size).toBe(size - freed)
    expect(rowsOf(history)).toBe(rows)
    expect(history.due).toBe(due)
    expect(history.since).toBe(since)
  })

  test('may be followed by changes anywhere in what is left', () => {
    const history = historyOf('A@1', 'B@2', 'C@3', 'D@8', 'E@9')
    history.free(2)
    history.add(changeOf('F@5'))
    history.add(changeOf('G@2'))
    expect(rowsOf(history)).toBe('..GCCFFFDE')
    history.free(4)
    expect(rowsOf(history)).toBe('...CCFFFDE')
    history.add(changeOf('H@3'))
    history.free(9)
    expect(rowsOf(history)).toBe('.........E')
    expect(history.size).toBe(1)
  })

  test('costs the same however much is ahead', () => {
    const history = historyOf('A@0')
    const changes = 200_000
    for (let time = 1; time < changes; time++) history.add(event('B', time, 'key'))
    let freed = 0
    for (let time = 1; time < changes; time++) freed += history.free(time)
    expect([freed, history.size]).toEqual([changes - 1, 1])
  })
})
