import { expect, test } from 'vitest'
import { EventTimers } from './event-timers.ts'

/** The names of those that fire until a time, in order. */
function fired(timers: EventTimers<string>, time: number): string[] {
  const names: string[] = []
  for (let next = timers.takeUntil(time); next !== undefined; next = timers.takeUntil(time)) names.push(next.name)
  return names
}

test('hands out in the order of times, of one time in the order in which they were set, up to a time', () => {
  const timers = new EventTimers<string>()
  for (const [name, time] of Object.entries({ a: 5, b: 3, c: 5, d: 3, e: 6 })) timers.set(time, name, 'x')
  expect([timers.size, timers.firstTime]).toEqual([5, 3])
  expect(fired(timers, 2)).toEqual([])
  expect(fired(timers, 5)).toEqual(['b', 'd', 'a', 'c'])
  expect([timers.size, timers.firstTime]).toEqual([1, 6])
  expect(fired(timers, Infinity)).toEqual(['e'])
  expect([timers.size, timers.firstTime]).toEqual([0, Infinity])
})

test('does not hand out what was called off, nor count it', () => {
  const timers = new EventTimers<string>()
  const first = timers.set(1, 'a', 'x')
  timers.set(2, 'b', 'x')
  timers.cancel(first)
  expect([timers.size, timers.firstTime]).toEqual([1, 2])
  expect(fired(timers, Infinity)).toEqual(['b'])
  expect(timers.size).toBe(0)
})

test('a timer that is moved again and again leaves nothing behind, and the rest in order', () => {
  const timers = new EventTimers<string>()
  const others = Array.from({ length: 100 }, (_, i) => timers.set(1_000_000 - i, `${i}`, 'x'))
  let moved = timers.set(0, 'moved', 'x')
  for (let time = 1; time < 10_000; time++) {
    timers.cancel(moved)
    moved = timers.set(time, 'moved', 'x')
  }
  expect(timers.size).toBe(101)
  expect(timers['queue'].length).toBeLessThan(500)
  expect(fired(timers, Infinity)).toEqual(['moved', ...others.map(({ name }) => name).toReversed()])
})
