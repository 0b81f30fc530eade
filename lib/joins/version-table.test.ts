import { expect, test } from 'vitest'
import { event, type Event } from '../element.ts'
import { VersionTable } from './version-table.ts'

type Change = Event<string | null, string, undefined>

function tableOf(...changes: readonly Change[]): VersionTable<Change> {
  const table = new VersionTable<Change>()
  for (const change of changes) table.add(change)
  return table
}

/** Frees what a watermark lets go of, and gives how many keys were looked at. */
function freed(table: VersionTable<Change>, watermark: number): number {
  let looks = 0
  while (table.freeOne(watermark)) looks += 1
  return looks
}

const row = (key: string, time: number, value = `${key}${time}`): Change => event(value, time, key)
const gone = (key: string, time: number): Change => event(null, time, key)

test('looks only at keys of which something can be freed', () => {
  const table = tableOf(row('a', 1), row('b', 1), row('b', 5), row('c', 2), row('c', 9))
  expect(freed(table, 4)).toBe(0)
  expect(freed(table, 5)).toBe(1)
  expect(table).toMatchObject({ size: 4, freed: 1 })
  expect(freed(table, 100)).toBe(1)
  expect(table).toMatchObject({ size: 3, freed: 2 })
  expect(freed(table, 1_000)).toBe(0)
})

test('looks at a key once for all its changes that the watermark has reached, and again when it reaches the next', () => {
  const table = tableOf(row('a', 1), row('a', 2), row('a', 3), row('a', 7), row('a', 8))
  expect(freed(table, 5)).toBe(1)
  expect(table.size).toBe(3)
  expect(freed(table, 7)).toBe(1)
  expect(freed(table, 8)).toBe(1)
  expect(table).toMatchObject({ size: 1, freed: 4 })
})

test('looks earlier when a change has come out of order', () => {
  const table = tableOf(row('a', 1), row('a', 100), row('a', 10))
  freed(table, 10)
  expect(table.size).toBe(2)
  expect(table.at('a', 99)?.value).toBe('a10')
  expect(table.knows('a', 9)).toBe(false)
})

test('knows a key from its first change that has not been freed on', () => {
  const table = tableOf(row('a', 1), row('a', 5), row('b', 3))
  expect(table.knows('a', -100)).toBe(true)
  freed(table, 5)
  expect([4, 5].map((time) => table.knows('a', time))).toEqual([false, true])
  expect([table.knows('b', -100), table.knows('c', -100)]).toEqual([true, true])
})

test('forgets a key that was deleted, and knows of those that are not here only what came after', () => {
  const table = tableOf(row('a', 1), gone('a', 5), row('b', 3), row('c', 2), gone('c', 4))
  freed(table, 9)
  expect(table).toMatchObject({ size: 1, freed: 4 })
  expect([4, 5].map((time) => table.knows('a', time))).toEqual([false, true])
  expect([4, 5].map((time) => table.knows('new', time))).toEqual([false, true])
  expect(table.knows('b', 0)).toBe(true)
  // It stays so when the key comes again.
  table.add(row('a', 7))
  expect([4, 5].map((time) => table.knows('a', time))).toEqual([false, true])
  expect(table.at('a', 6)).toBeUndefined()
  expect(table.at('a', 7)?.value).toBe('a7')
})

test('a key that comes and goes leaves nothing to look at', () => {
  const table = new VersionTable<Change>()
  let looks = 0
  for (let time = 0; time < 10_000; time += 2) {
    table.add(row('a', time))
    table.add(gone('a', time + 1))
    looks += freed(table, time + 1)
  }
  expect(looks).toBe(5_000)
  expect(table).toMatchObject({ size: 0, freed: 10_000 })
})

test('takes nothing any more when it is closed', () => {
  const table = tableOf(row('a', 1), row('a', 5), row('b', 3))
  table.close()
  expect(table).toMatchObject({ size: 0, freed: 3 })
  expect([table.knows('a', Number.MAX_SAFE_INTEGER), table.at('a', 9)]).toEqual([false, undefined])
  expect(freed(table, Infinity)).toBe(0)
})
