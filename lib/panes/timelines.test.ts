import { expect, test } from 'vitest'
import { event } from '../element.ts'
import { Accumulators } from './accumulators.ts'
import { settingsOf } from './fixtures/settings.ts'
import { Timelines } from './timelines.ts'

const sums = new Accumulators<number, number>(settingsOf(), 'window', true)
const plus =
  (value: number, time: number) =>
  (accumulator: unknown): unknown =>
    sums.change(accumulator, event(value, time, 'a'))

function timelinesOf(...keys: readonly string[]): Timelines<number, string> {
  const timelines = new Timelines<number, string>(sums)
  for (const [i, key] of keys.entries()) timelines.append(key, i, plus(2 ** i, i)(sums.create()))
  return timelines
}

/** The totals of all time, by key, in the order in which they are gone through. */
function totals(timelines: Timelines<number, string>): Record<string, number> {
  const all: Record<string, number> = {}
  timelines.forEach(
    () => true,
    (key, timeline) => (all[key] = sums.result(timeline.total(-Infinity, Infinity), key, 0)),
  )
  return all
}

test('each key has its own, in the order in which the keys came', () => {
  const timelines = timelinesOf('b', 'a', 'c', 'a', 'b')
  expect(timelines.parts).toBe(5)
  expect(Object.entries(totals(timelines))).toEqual([
    ['b', 1 + 16],
    ['a', 2 + 8],
    ['c', 4],
  ])
})

test('a change counts a part that was not there', () => {
  const timelines = timelinesOf('a', 'b')
  timelines.change('a', 0, plus(32, 0))
  expect(timelines.parts).toBe(2)
  timelines.change('a', -7, plus(64, -7))
  timelines.change('c', 3, plus(128, 3))
  expect(timelines.parts).toBe(4)
  expect(totals(timelines)).toEqual({ a: 1 + 32 + 64, b: 2, c: 128 })
})

test('a key whose parts have all been dropped is forgotten, and comes last when it comes again', () => {
  const timelines = timelinesOf('a', 'b', 'a', 'b')
  timelines.forEach(
    () => true,
    (key, timeline) => timelines.dropBefore(key, timeline, key === 'a' ? 3 : 1),
  )
  expect(timelines.parts).toBe(2)
  expect(totals(timelines)).toEqual({ b: 2 + 8 })
  timelines.append('a', 4, plus(16, 4)(sums.create()))
  expect(Object.keys(totals(timelines))).toEqual(['b', 'a'])
})

test('going through all keys takes as many turns as it must, each key once', () => {
  const timelines = timelinesOf('a', 'b', 'c', 'd', 'e')
  const perTurn: string[] = []
  let turn = ''
  let room = 0
  const hasRoom = (): boolean => --room > 0
  const step = (key: string): void => {
    turn += key
  }
  let isDone = false
  while (!isDone) {
    room = 2
    turn = ''
    isDone = timelines.forEach(hasRoom, step)
    perTurn.push(turn)
  }
  expect(perTurn).toEqual(['ab', 'cd', 'e'])
  // And then from the beginning.
  room = 9
  turn = ''
  expect(timelines.forEach(hasRoom, step)).toBe(true)
  expect(turn).toBe('abcde')
})
