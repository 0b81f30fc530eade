// Blocks are halved, emptied and searched at their borders here; that a range is a plain sort is a law of materialize.
import { expect, test } from 'vitest'
import { isOrderedKey, type OrderedKey, OrderedKeys } from './ordered-keys.ts'

/** Numbers up to a limit, in an order that jumps about. */
const shuffled = (limit: number): readonly number[] => Array.from({ length: limit }, (_, i) => (i * 7_919) % limit)

const sortedUpTo = (limit: number): readonly number[] => Array.from({ length: limit }, (_, i) => i)

test.each<[OrderedKey, OrderedKey, readonly OrderedKey[]]>([
  [1, 3, [1, 2]],
  [0, 1, []],
  [1, 1, []],
  [3, 1, []],
  [1.5, 2.5, [2]],
  [-Infinity, Infinity, [1, 2, 10]],
  [3, '', [10]],
  [3, 'b', [10, '', 'B', 'a']],
  ['', 'a', ['', 'B']],
  ['a', 'ab', ['a']],
  ['a', '\uffff', ['a', 'b', 'ä']],
  ['b', 1, []],
])('[%j, %j) has %j', (from, to, expected) => {
  expect([...new OrderedKeys(['b', 10, 'ä', 2, '', 'B', 1, 'a']).range(from, to)]).toEqual(expected)
})

test('keys that come one by one are in order, and so are those that stay', () => {
  const limit = 5_000
  const keys = new OrderedKeys([])
  for (const key of shuffled(limit)) keys.add(key)
  expect([...keys.range(0, limit)]).toEqual(sortedUpTo(limit))
  for (const key of shuffled(limit)) if (key % 3 !== 0) keys.remove(key)
  expect([...keys.range(0, limit)]).toEqual(sortedUpTo(limit).filter((key) => key % 3 === 0))
  for (let key = 0; key < limit; key += 3) keys.remove(key)
  expect([...keys.range(-1, limit)]).toEqual([])
  keys.add(7)
  expect([...keys.range(0, limit)]).toEqual([7])
})

test('every range of many keys is right, at each border of a block too', () => {
  const limit = 1_500
  const keys = new OrderedKeys(shuffled(limit))
  for (let from = 0; from <= limit; from++) {
    expect([...keys.range(from, from + 2)]).toEqual([from, from + 1].filter((key) => key < limit))
  }
})

test.each<[unknown, boolean]>([
  [0, true],
  [-Infinity, true],
  ['', true],
  [Number.NaN, false],
  [1n, false],
  [true, false],
  [null, false],
  [undefined, false],
])('%s has a place: %s', (key, expected) => {
  expect(isOrderedKey(key)).toBe(expected)
})
