import { expect, test } from 'vitest'
import { type CellOwner, Entries } from './entries.ts'
import { MapCell } from './map-cell.ts'

interface Bench {
  readonly entries: Entries<CellOwner>
  readonly owner: CellOwner
  readonly map: MapCell<string, number>
  readonly at: (time: number) => void
}

function bench(ttl: number): Bench {
  let now = 0
  const entries = new Entries<CellOwner>({ reached: -Infinity, timeOfWrite: () => now })
  const owner = { size: 0 }
  return { entries, owner, map: new MapCell(owner, ttl, entries), at: (time) => (now = time) }
}

/** Lets all go that a time has ended, and tells how many were looked at. */
function expire(entries: Entries<CellOwner>, time: number): { looks: number; emptied: number } {
  let looks = 0
  let emptied = 0
  while (entries.expireOne(time, ({ size }) => (emptied += size === 0 ? 1 : 0))) looks += 1
  return { looks, emptied }
}

test('an entry ends when its last write is `ttl` ago, and not earlier', () => {
  const { entries, owner, map, at } = bench(5)
  map.set('a', 1)
  at(3)
  map.set('b', 1)
  map.set('a', 2)
  at(1)
  map.set('a', 3)
  expect(expire(entries, 7).emptied).toBe(0)
  expect([map.get('a'), map.get('b'), entries.size, owner.size]).toEqual([3, 1, 2, 2])
  expect(expire(entries, 8).emptied).toBe(1)
  expect([map.size, entries.size, owner.size]).toEqual([0, 0, 0])
})

test('an entry that was deleted does not take the one that came in its place with it', () => {
  const { entries, map, at } = bench(5)
  map.set('a', 1)
  map.delete('a')
  at(4)
  map.set('a', 2)
  expire(entries, 8)
  expect(map.get('a')).toBe(2)
  expire(entries, 9)
  expect([map.get('a'), entries.size]).toEqual([undefined, 0])
})

test('an entry that is written often is looked at once', () => {
  const { entries, map, at } = bench(5)
  for (let time = 0; time < 1_000; time++) {
    at(time)
    map.set('a', time)
  }
  expect(expire(entries, 1_003).looks).toBeLessThanOrEqual(2)
  expect(map.size).toBe(1)
})

test('entries that come and go leave nothing to look at', () => {
  const { entries, map } = bench(5)
  map.set('stays', 0)
  for (let i = 0; i < 10_000; i++) {
    map.set('flickers', i)
    map.delete('flickers')
  }
  expect(entries.size).toBe(1)
  expect(expire(entries, 5).looks).toBeLessThan(200)
  expect(entries.size).toBe(0)
})

test('without a time to live there is nothing to look at', () => {
  const { entries, map } = bench(Infinity)
  map.set('a', 1)
  expect(expire(entries, 1_000_000).looks).toBe(0)
  map.clear()
  expect(entries.size).toBe(0)
})
