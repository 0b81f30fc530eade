import { expect, test } from 'vitest'
import type { Window } from '../window.ts'
import { type OpenWindow, WindowStore } from './window-store.ts'

const to = (start: number, end: number): Window => ({ start, end })
const shown = (open: OpenWindow<string, number> | undefined): string | undefined =>
  open && `[${open.window.start},${open.window.end})${open.isComplete ? ' complete' : ''}`

/** What a watermark completes and expires, in order. */
function settled(store: WindowStore<string, number>, watermark: number): (string | undefined)[] {
  const order: (string | undefined)[] = []
  for (let open = store.next(watermark); open !== undefined; open = store.next(watermark)) {
    order.push(shown(open))
    expect(store.next(watermark)).toBe(open)
    store.settle(open, watermark)
  }
  return order
}

test('opens each window once, whichever object says which', () => {
  const store = new WindowStore<string, number>(0)
  const open = store.open(to(0, 5), -Infinity)
  expect(store.open(to(0, 5), -Infinity)).toBe(open)
  // Two that end together are two.
  expect(store.open(to(1, 5), -Infinity)).not.toBe(open)
  expect(store.open(to(0, 4), -Infinity)).not.toBe(open)
})

test('opens those of some windows that have not expired, and checks each', () => {
  const store = new WindowStore<string, number>(3)
  const windows = [to(0, 5), to(0, 7), to(0, 10), to(0, 12)]
  expect(store.openAll('mine', windows, 10).map(shown)).toEqual(['[0,10) complete', '[0,12)'])
  expect(store.openAll('mine', windows, -Infinity)).toHaveLength(4)
  expect(() => store.openAll('mine', [to(0, 5), to(5, 5)], 0)).toThrow(
    'mine: expected a window with a start < end, got 5 and 5',
  )
})

test('hands out windows to complete in the order of their ends, and of their starts', () => {
  const store = new WindowStore<string, number>(0)
  for (const window of [to(5, 10), to(0, 10), to(-5, 0), to(0, 5), to(10, 15)]) store.open(window, -Infinity)
  expect(store.due).toBe(0)
  expect(settled(store, 10)).toEqual(['[-5,0)', '[0,5)', '[0,10)', '[5,10)'])
  expect(store.due).toBe(15)
})

test('hands out windows with the same end in the order of their starts', () => {
  const store = new WindowStore<string, number>(0)
  for (const start of [4, 1, 6, 3, 0, 5, 2]) store.open(to(start, 10), -Infinity)
  expect(settled(store, 10)).toEqual([0, 1, 2, 3, 4, 5, 6].map((start) => `[${start},10)`))
})

test('hands out a window once to complete, and once more to expire, before those that complete later', () => {
  const store = new WindowStore<string, number>(3)
  for (const start of [0, 5, 10]) store.open(to(start, start + 5), -Infinity)
  expect(settled(store, 5)).toEqual(['[0,5)'])
  // 8 expires the first; 10 completes the second, and 13 expires it.
  expect(settled(store, 12)).toEqual(['[0,5) complete', '[5,10)'])
  expect(settled(store, 12)).toEqual([])
  expect(settled(store, 18)).toEqual(['[5,10) complete', '[10,15)'])
  expect(store.due).toBe(Infinity)
})

test.each([
  { watermark: 9, next: undefined },
  { watermark: 10, next: '[0,10)' },
  { watermark: Infinity, next: '[0,10)' },
])('a window is complete when the watermark has reached its end: %o', ({ watermark, next }) => {
  const store = new WindowStore<string, number>(3)
  store.open(to(0, 10), -Infinity)
  expect(store.due).toBe(10)
  expect(shown(store.next(watermark))).toBe(next)
})

test('a window expires when the watermark has reached its end and the lateness, and not before it is complete', () => {
  const store = new WindowStore<string, number>(3)
  const open = store.open(to(0, 10), -Infinity)
  expect(store.expiry(to(0, 10))).toBe(13)
  expect(shown(store.next(12))).toBe('[0,10)')
  store.settle(open, 12)
  expect(store.due).toBe(13)
  expect(store.next(12)).toBeUndefined()
  expect(shown(store.next(13))).toBe('[0,10) complete')
  store.settle(open, 13)
  expect(store.next(13)).toBeUndefined()
  expect(store.due).toBe(Infinity)
})

test('a window that is completed and expired by one watermark is handed out once', () => {
  const store = new WindowStore<string, number>(3)
  store.open(to(0, 10), -Infinity)
  expect(settled(store, 13)).toEqual(['[0,10)'])
  expect(store.due).toBe(Infinity)
})

test('an expired window is forgotten: one like it is new', () => {
  const store = new WindowStore<string, number>(0)
  const open = store.open(to(0, 10), -Infinity)
  const sibling = store.open(to(5, 10), -Infinity)
  store.settle(open, 10)
  expect(store.next(10)).toBe(sibling)
  expect(store.open(to(5, 10), 10)).toBe(sibling)
  expect(store.open(to(0, 10), -Infinity)).not.toBe(open)
})

test('a window that lingers is not forgotten', () => {
  const store = new WindowStore<string, number>(1)
  const open = store.open(to(0, 10), -Infinity)
  store.settle(open, 10)
  expect(store.open(to(0, 10), 10)).toBe(open)
})

test('a window that is opened behind the watermark is complete from the start', () => {
  const store = new WindowStore<string, number>(5)
  expect(shown(store.open(to(0, 10), 9))).toBe('[0,10)')
  expect(shown(store.open(to(0, 11), 11))).toBe('[0,11) complete')
  expect(store.due).toBe(10)
  expect(settled(store, 15)).toEqual(['[0,10)'])
  expect([store.due, settled(store, 16), store.due]).toEqual([16, ['[0,11) complete'], Infinity])
})

test('of nothing, nothing is due', () => {
  const store = new WindowStore<string, number>(0)
  expect([store.due, store.next(Infinity)]).toEqual([Infinity, undefined])
})
