import { describe, expect, it } from 'vitest'
import type { Fetched } from '../driver.ts'
import { textsOf } from './fixtures/text-record.ts'
import { PartitionLog, type Transaction } from './partition-log.ts'

function logOf(): { log: PartitionLog; write: (key: string, value?: string, transaction?: Transaction) => void } {
  const log = new PartitionLog({ topic: 'in', partition: 0 }, 0)
  const write = (key: string, value: string | undefined = key, transaction?: Transaction): void => {
    log.append(
      {
        timestamp: log.end * 10,
        key: Buffer.from(key),
        value: value === '' ? undefined : Buffer.from(value),
        headers: [],
      },
      transaction,
    )
  }
  return { log, write }
}

const shown = ({ records, next, end }: Fetched): readonly unknown[] => [textsOf(records).join(' '), next, end]

describe('PartitionLog', () => {
  it('shows records up to the first that nobody has decided on', () => {
    const { log, write } = logOf()
    const [first, second] = [Symbol('first'), Symbol('second')]
    write('a')
    write('b', 'b', first)
    write('c', 'c', second)
    write('d')
    expect(shown(log.read(0, 10))).toEqual(['a', 1, 1])
    log.mark(second, true)
    expect(shown(log.read(0, 10))).toEqual(['a', 1, 1])
    log.mark(first, false)
    expect(shown(log.read(0, 10))).toEqual(['a c d', 6, 6])
    expect(textsOf(log.records('uncommitted'))).toEqual(['a', 'b', 'c', 'd'])
  })

  it('goes on behind what is not shown', () => {
    const { log, write } = logOf()
    const transaction = Symbol('transaction')
    write('a', 'a', transaction)
    write('b', 'b', transaction)
    log.mark(transaction, false)
    expect(shown(log.read(0, 10))).toEqual(['', 3, 3])
    write('c')
    expect(shown(log.read(1, 1))).toEqual(['c', 4, 4])
  })

  it('gives as many records at once as are asked for', () => {
    const { log, write } = logOf()
    for (const key of ['a', 'b', 'c']) write(key)
    expect(shown(log.read(0, 2))).toEqual(['a b', 2, 3])
    expect(shown(log.read(2, 2))).toEqual(['c', 3, 3])
  })

  it.each([
    [0, false],
    [1, true],
    [3, true],
    [4, false],
  ])('has %i within its range: %s', (offset, isThere) => {
    const { log, write } = logOf()
    for (const key of ['a', 'b', 'c']) write(key)
    log.deleteBefore(1)
    const read = (): Fetched => log.read(offset, 10)
    if (isThere) expect(read().next).toBe(3)
    else expect(read).toThrow(expect.objectContaining({ kind: 'out-of-range' }))
  })

  it('keeps the last committed record of each key when it is compacted, and leaves gaps', () => {
    const { log, write } = logOf()
    const [aborted, open] = [Symbol('aborted'), Symbol('open')]
    for (const [key, value] of [
      ['a', '1'],
      ['b', '2'],
      ['a', '3'],
      ['b', ''],
    ] as const)
      write(key, value)
    write('a', '4', aborted)
    log.mark(aborted, false)
    write('a', '5', open)
    log.compact(false)
    expect(log.records('uncommitted').map(({ offset, value }) => [offset, value?.toString()])).toEqual([
      [2, '3'],
      [3, undefined],
      [6, '5'],
    ])
    log.compact(true)
    expect(log.records('committed').map(({ offset }) => offset)).toEqual([2])
    expect(shown(log.read(0, 10))).toEqual(['3', 6, 6])
  })

  it('knows its offsets by time', () => {
    const { log, write } = logOf()
    for (const key of ['a', 'b', 'c']) write(key)
    write('d', 'd', Symbol('open'))
    const times = ['earliest', 'latest', 'end', 10, 11, 30] as const
    expect(times.map((time) => log.offsetAt(time))).toEqual([0, 3, 4, 1, 2, 3])
  })
})
