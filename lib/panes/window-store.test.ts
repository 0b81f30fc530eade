import { expect, test } from 'vitest'
import type { Window } from '../window.ts'
import { type OpenWindow, WindowStore } from './window-store.ts'

const to = (start: number, end: number): Window => ({ start, end })
const shown = (open: OpenWindow<string, number> | undefined): string | undefined =>
  open && `[${open.window.start},${open.window.end})${open.isComplete ? ' complete' : ''}`

test('opens each window once, whichever object says which', () => {
  const store = new WindowStore<string, number>(0)
  const open = store.open(to(0, 5), -Infinity)
  expect(store.open(to(0, 5), -Infinity)).toBe(open)
  // Two that end together are two.
  expect(store.open(to(1, 5), -Infinity)).not.toBe(open)
  expect(store.open(to(0, 4), -Infinity)).not.toBe(open)
})

test('hands out windows to complete in the order of their ends, and of their starts', () => {
  const store = new WindowStore<string, number>(0)
  for (const window of [to(5, 10), to(0, 10), to(-5, 0), to(0, 5), to(10, 15)]) store.open(window, -Infinity)
  const order: (string | undefined)[] = []
  for (let open = store.completing(10); open !== undefined; open = store.completing(10)) {
    order.push(shown(open))
    expect(store.completing(10)).toBe(open)
    store.complete()
  }
  expect(order).toEqual(['[-5,0)', '[0,5)', '[0,10)', '[5,10)'])
  expect(store.due).toBe(0)
})

test('hands out windows with the same end in the order of their starts', () => {
  const store = new WindowStore<string, number>(0)
  for (const start of [4, 1, 6, 3, 0, 5, 2]) store.open(to(start, 10), -Infinity)
  const order: (number | undefined)[] = []
  for (let i = 0; i < 7; i++) {
    order.push(store.completing(10)?.window.start)
    store.complete()
  }
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6])
})

test.each([
  { watermark: 9, completing: undefined },
  { watermark: 10, completing: '[0,10)' },
  { watermark: Infinity, completing: '[0,10)' },
])('a window is complete when the watermark has reached its end: %o', ({ watermark, completing }) => {
  const store = new WindowStore<string, number>(3)
  store.open(to(0, 10), -Infinity)
  expect(store.due).toBe(10)
  expect(shown(store.completing(watermark))).toBe(completing)
})

test('a window expires when the watermark has reached its end and the lateness, and not before it is complete', () => {
  const store = new WindowStore<string, number>(3)
  store.open(to(0, 10), -Infinity)
  expect(store.expiry(to(0, 10))).toBe(13)
  expect(store.takeExpired(100)).toBeUndefined()
  store.complete()
  expect(store.due).toBe(13)
  expect(store.takeExpired(12)).toBeUndefined()
  expect(shown(store.takeExpired(13))).toBe('[0,10) complete')
  expect(store.takeExpired(13)).toBeUndefined()
  expect(store.due).toBe(Infinity)
})

test('an expired window is forgotten: one like it is new', () => {
  const store = new WindowStore<string, number>(0)
  const open = store.open(to(0, 10), -Infinity)
  const sibling = store.open(to(5, 10), -Infinity)
  store.complete()
  expect(store.takeExpired(10)).toBe(open)
  expect(store.open(to(5, 10), 10)).toBe(sibling)
  expect(store.open(to(0, 10), -Infinity)).not.toBe(open)
})

test('a window that is opened behind the watermark is complete from the start', () => {
  const store = new WindowStore<string, number>(5)
  expect(shown(store.open(to(0, 10), 9))).toBe('[0,10)')
  expect(shown(store.open(to(0, 11), 11))).toBe('[0,11) complete')
  expect(store.due).toBe(10)
  store.complete()
  expect([store.due, shown(store.takeExpired(15)), store.due]).toEqual([15, '[0,10) complete', 16])
})

test('of nothing, nothing is due', () => {
  const store = new WindowStore<string, number>(0)
  expect([store.due, store.completing(Infinity), store.takeExpired(Infinity)]).toEqual([Infinity, undefined, undefined])
  store.complete()
  expect(store.due).toBe(Infinity)
})
