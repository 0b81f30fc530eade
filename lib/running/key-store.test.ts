import { expect, test } from 'vitest'
import { KeyStore } from './key-store.ts'
import type { KeyState } from './key-state.ts'

/** The keys that a watermark expires, in order, and how many were looked at. */
function expired(store: KeyStore<string, KeyState<string>>, watermark: number): { keys: string[]; looks: number } {
  const keys: string[] = []
  let looks = 0
  while (store.expireOne(watermark, ({ key }) => keys.push(key))) looks += 1
  return { keys, looks }
}

function storeOf(keep: number, ...latest: readonly number[]): KeyStore<string, KeyState<string>> {
  const store = new KeyStore<string, KeyState<string>>(keep)
  for (const [i, time] of latest.entries())
    store.add({ key: 'abcdef'.charAt(i), latest: time, number: 0, isChanged: false })
  return store
}

test.each([
  { keep: 0, watermark: 5, keys: [] },
  { keep: 0, watermark: 6, keys: ['a'] },
  { keep: 10, watermark: 15, keys: [] },
  { keep: 10, watermark: 16, keys: ['a'] },
  { keep: Number.MAX_VALUE, watermark: Number.MAX_SAFE_INTEGER, keys: [] },
  { keep: Number.MAX_VALUE, watermark: Infinity, keys: ['a'] },
])('a key of time 5 and keep $keep, by the watermark $watermark', ({ keep, watermark, keys }) => {
  const store = storeOf(keep, 5)
  expect(expired(store, watermark).keys).toEqual(keys)
  expect(store.size).toBe(1 - keys.length)
  expect(store.get('a') === undefined).toBe(keys.length === 1)
})

test('hands out in the order of times', () => {
  const store = storeOf(2, 9, -3, 4, 3)
  expect(expired(store, 7).keys).toEqual(['b', 'd', 'c'])
  expect(expired(store, 12).keys).toEqual(['a'])
})

test('keeps a key whose time has risen, and finds it at the later one', () => {
  const store = storeOf(0, 1, 2)
  const a = store.get('a')
  if (a === undefined) throw new Error('expected a')
  a.latest = 50
  expect(expired(store, 10)).toEqual({ keys: ['b'], looks: 2 })
  expect(expired(store, 50)).toEqual({ keys: [], looks: 0 })
  expect(expired(store, 51).keys).toEqual(['a'])
})

test('does not hand out what was removed, nor in its place the key that came again', () => {
  const store = storeOf(0, 1)
  const a = store.get('a')
  if (a === undefined) throw new Error('expected a')
  store.remove(a)
  expect(store.get('a')).toBeUndefined()
  store.add({ key: 'a', latest: 7, number: 0, isChanged: false })
  expect(expired(store, 5).keys).toEqual([])
  expect(store.size).toBe(1)
  expect(expired(store, 8).keys).toEqual(['a'])
})

test('a key that comes and goes leaves nothing to look at', () => {
  const store = storeOf(0, 1)
  for (let i = 0; i < 10_000; i++) {
    const state = { key: 'flickering', latest: 5, number: 0, isChanged: false }
    store.add(state)
    store.remove(state)
  }
  const { keys, looks } = expired(store, 6)
  expect(keys).toEqual(['a'])
  expect(looks).toBeLessThan(100)
})
