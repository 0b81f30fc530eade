import { describe, expect, test } from 'vitest'
import type { Window } from '../window.ts'
import { firstAfter, type Session, SessionStore } from './session-store.ts'

const to = (start: number, end: number): Window => ({ start, end })

/** Opens windows of a key, each behind those that start before it. */
function storeOf(
  allowedLateness: number,
  windows: readonly Window[],
  { key = 'a', watermark = -Infinity } = {},
): SessionStore<string, number> {
  const store = new SessionStore<string, number>(allowedLateness)
  for (const window of windows) open(store, window, key, watermark)
  return store
}

function open(
  store: SessionStore<string, number>,
  window: Window,
  key = 'a',
  watermark = -Infinity,
): Session<string, number> {
  return store.open(window, key, firstAfter(store.of(key), window.start), 0, undefined, watermark)
}

const starts = (sessions: readonly Session<string, number>[]): number[] => sessions.map(({ window }) => window.start)

/** What a watermark completes and expires, in order, each dealt with as its owner would. */
function settled(store: SessionStore<string, number>, watermark: number): string[] {
  const order: string[] = []
  for (let session = store.take(watermark); session !== undefined; session = store.take(watermark)) {
    const { window, isComplete } = session
    order.push(`[${window.start},${window.end})${isComplete ? ' complete' : ''}`)
    if (store.expiry(window) <= watermark) store.remove(session)
    else store.mark(session, true)
  }
  return order
}

describe('the windows of a key', () => {
  test('are in the order of their starts, however they came', () => {
    const store = storeOf(0, [to(20, 30), to(0, 10), to(40, 50), to(10, 20)])
    expect(starts(store.of('a'))).toEqual([0, 10, 20, 40])
    expect(store.of('b')).toEqual([])
    expect(store.size).toBe(4)
  })

  test('are found by their starts', () => {
    const store = storeOf(0, [to(0, 10), to(10, 20), to(20, 30)])
    expect(starts(store.startingIn('a', 0, 20))).toEqual([0, 10, 20])
    expect(starts(store.startingIn('a', 1, 19))).toEqual([10])
    expect(starts(store.startingIn('a', 11, 19))).toEqual([])
    expect(starts(store.startingIn('b', 0, 20))).toEqual([])
  })

  test('may be but one', () => {
    const store = storeOf(0, [to(0, 10)])
    const [first] = store.of('a')
    expect(store.only('a')).toBe(first)
    const second = open(store, to(20, 30))
    expect([store.only('a'), store.only('b')]).toEqual([undefined, undefined])
    store.remove(second)
    expect(store.only('a')).toBe(first)
    expect(starts(store.startingIn('a', 0, 0))).toEqual([0])
  })

  test('are gone when they are removed', () => {
    const store = storeOf(0, [to(0, 10), to(20, 30), to(40, 50)])
    for (const start of [20, 0, 40]) {
      const session = store.of('a').find(({ window }) => window.start === start)
      if (session !== undefined) store.remove(session)
      expect(session).toMatchObject({ isGone: true, isOver: true })
    }
    expect([store.size, store.of('a'), settled(store, Infinity)]).toEqual([0, [], []])
  })
})

describe('a window', () => {
  test('is one of its own: nobody else’s is changed when it grows', () => {
    const window = to(0, 10)
    const session = open(storeOf(0, []), window)
    session.grow(to(-5, 5))
    session.grow(to(5, 15))
    session.grow(to(1, 2))
    expect(session.window).toEqual(to(-5, 15))
    expect(window).toEqual(to(0, 10))
    const left = session.window
    session.become(to(0, 30))
    session.grow(to(0, 40))
    expect([left, session.window]).toEqual([to(-5, 15), to(0, 40)])
  })

  test('counts its panes anew when it has become another', () => {
    const session = open(storeOf(0, []), to(0, 10))
    session.fired = 3
    session.nonSpeculative = 2
    session.become(to(0, 20))
    expect(session).toMatchObject({ fired: 0, nonSpeculative: 0, window: to(0, 20), time: 19 })
  })
})

describe('windows are handed out', () => {
  test('in the order of their ends, and of their opening', () => {
    const store = storeOf(0, [to(5, 20), to(0, 3), to(30, 40)])
    open(store, to(7, 20), 'b')
    expect(store.due).toBe(3)
    expect(settled(store, 20)).toEqual(['[0,3)', '[5,20)', '[7,20)'])
    expect([store.due, store.size]).toEqual([40, 1])
  })

  test('once to complete, and once more to expire', () => {
    const store = storeOf(5, [to(0, 10)])
    expect(settled(store, 9)).toEqual([])
    expect(settled(store, 10)).toEqual(['[0,10)'])
    expect(store.due).toBe(15)
    expect(settled(store, 14)).toEqual([])
    expect(settled(store, 15)).toEqual(['[0,10) complete'])
    expect([store.due, store.size]).toEqual([Infinity, 0])
  })

  test('those that expire before those that complete', () => {
    const store = storeOf(5, [to(0, 10), to(12, 14)])
    expect(settled(store, 10)).toEqual(['[0,10)'])
    expect(settled(store, 16)).toEqual(['[0,10) complete', '[12,14)'])
  })

  test('once, if one watermark does both', () => {
    expect(settled(storeOf(5, [to(0, 10)]), 15)).toEqual(['[0,10)'])
  })

  test('at the end that they have by then', () => {
    const store = storeOf(5, [to(0, 10), to(11, 13)])
    const [grown] = store.of('a')
    grown?.become(to(0, 14))
    expect(settled(store, 13)).toEqual(['[11,13)'])
    expect(settled(store, 14)).toEqual(['[0,14)'])
    // Late, and complete as it was.
    grown?.become(to(-3, 14))
    expect(settled(store, 19)).toEqual(['[11,13) complete', '[-3,14) complete'])
  })

  test('once more to complete, when they have grown beyond the watermark', () => {
    const store = storeOf(5, [to(0, 10)])
    expect(settled(store, 10)).toEqual(['[0,10)'])
    const [grown] = store.of('a')
    grown?.become(to(0, 12))
    if (grown !== undefined) store.mark(grown, false)
    expect(settled(store, 11)).toEqual([])
    expect(settled(store, 15)).toEqual(['[0,12)'])
    expect(settled(store, 17)).toEqual(['[0,12) complete'])
  })

  test('only to expire, if they were complete when they were opened', () => {
    const store = storeOf(5, [])
    expect(open(store, to(0, 10), 'a', 12).isComplete).toBe(true)
    expect(open(store, to(3, 13), 'b', 12).isComplete).toBe(false)
    expect(settled(store, 15)).toEqual(['[0,10) complete', '[3,13)'])
  })
})
