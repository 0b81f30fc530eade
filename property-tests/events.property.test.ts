// Laws of events:
//
// 1. They come in the order of arrival, with times inside of the span.
// 2. Without lateness none is behind an earlier one by more than the disorder; with it, by no more than both.
// 3. Every order in which none is behind by more than the disorder can come up.
// 4. A failing input shrinks to the least disorder, the fewest events, the plainest times and values that still fail.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Arrival, inOrderOfArrival, inTimeOrder, shifted } from './arrival.ts'
import { events, type EventsOptions } from './events.ts'

const value = fc.nat({ max: 9 })
const options = fc.record({
  value: fc.constant(value),
  span: fc.nat({ max: 100 }),
  around: fc.integer({ min: -1e12, max: 1e12 }),
  disorder: fc.nat({ max: 20 }),
  lateness: fc.constantFrom(0, 30),
})
const made = options.chain((each) => fc.tuple(fc.constant(each), events(each)))

test('1: they come in the order of arrival, inside of the span', () => {
  fc.assert(
    fc.property(made, ([{ span, around }, events]) => {
      expect(inOrderOfArrival(events)).toEqual(events)
      for (const { time } of events) {
        expect(Number.isSafeInteger(time)).toBe(true)
        expect(Math.abs(time - around)).toBeLessThanOrEqual(Math.ceil(span / 2))
      }
    }),
    { numRuns: 1_000 },
  )
})

test('2: none is behind by more than the disorder, and the lateness', () => {
  fc.assert(
    fc.property(made, ([{ disorder, lateness }, events]) => {
      expect(mostBehind(events)).toBeLessThanOrEqual(disorder + lateness)
    }),
    { numRuns: 1_000 },
  )
})

test('3: every order within the disorder can come up', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -20, max: 20 })), fc.nat({ max: 40 }), (times, disorder) => {
      fc.pre(mostBehind(times.map((time) => ({ time }))) <= disorder)
      let latest = -Infinity
      const delayed = times.map((time) => {
        latest = Math.max(latest, time)
        return { time, delay: latest - time }
      })
      expect(delayed.every(({ delay }) => delay <= disorder)).toBe(true)
      expect(inOrderOfArrival(delayed)).toEqual(delayed)
    }),
  )
})

test.each<[string, (events: readonly Arrival<number>[]) => boolean, { events: number; delay: number; values: number }]>(
  [
    ['no event where none is needed', () => false, { events: 0, delay: 0, values: 0 }],
    ['no disorder where none is needed', (events) => events.length < 3, { events: 3, delay: 0, values: 0 }],
    ['the least delay', (events) => mostBehind(events) < 5, { events: 2, delay: 6, values: 0 }],
    ['the plainest values', (events) => events.every((event) => event.value < 4), { events: 1, delay: 0, values: 4 }],
  ],
)('4: shrinks to %s', (_, holds, smallest) => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const disordered = events({ value, span: 100, disorder: 20, lateness: 20 })
    const [found = []] = fc.check(fc.property(disordered, holds), { seed }).counterexample ?? []
    expect(found).toHaveLength(smallest.events)
    expect(sum(found.map(({ delay }) => delay))).toBeLessThanOrEqual(smallest.delay)
    expect(sum(found.map((event) => event.value))).toBe(smallest.values)
  }
})

test('there are ties, bursts, edges, negative times, delays up to the disorder and beyond it', () => {
  const samples = fc
    .sample(events({ value, span: '4h', disorder: '1m', lateness: '1h', edges: '1h' }), { seed: 1, numRuns: 500 })
    .flatMap((events) => inTimeOrder(events).map(({ time }, i) => ({ ...events[i], time, gap: gapAt(events, i) })))
  const share = (is: (event: (typeof samples)[number]) => boolean): number => samples.filter(is).length / samples.length
  expect(share(({ gap }) => gap === 0)).toBeGreaterThan(0.1)
  expect(share(({ gap }) => gap > 0 && gap < 1_000)).toBeGreaterThan(0.01)
  expect(share(({ time }) => time % 3_600_000 === 0)).toBeGreaterThan(0.1)
  expect(share(({ time }) => (time + 1) % 3_600_000 === 0)).toBeGreaterThan(0.1)
  expect(share(({ time }) => time < 0)).toBeGreaterThan(0.3)
  expect(share(({ delay = 0 }) => delay === 60_000)).toBeGreaterThan(0.05)
  expect(share(({ delay = 0 }) => delay > 60_000)).toBeGreaterThan(0.2)
})

test.each<[string, Partial<EventsOptions<number>>]>([
  ['events: span must be >= 0, got -1', { span: -1 }],
  ["events: disorder must be >= 0, got '-1s'", { disorder: '-1s' }],
  ['events: lateness must be >= 0, got -1', { lateness: -1 }],
  ['events: edges must be > 0, got 0', { edges: 0 }],
  ['events: around must be whole milliseconds, got 0.5', { around: 0.5 }],
  ['events: maxLength must be a whole number >= 0, got -1', { maxLength: -1 }],
])('%s', (message, wrong) => {
  expect(() => events({ value, span: 10, ...wrong })).toThrow(message)
})

test('inTimeOrder takes the disorder out, and leaves ties in the order of arrival', () => {
  const events = [
    { value: 1, time: 5, delay: 0 },
    { value: 2, time: 3, delay: 4 },
    { value: 3, time: 5, delay: 3 },
  ]
  expect(inTimeOrder(events).map((event) => [event.value, event.time, event.delay])).toEqual([
    [2, 3, 0],
    [1, 5, 0],
    [3, 5, 0],
  ])
})

test('shifted moves times, and nothing else', () => {
  expect(shifted([{ value: 1, time: 5, delay: 2 }], -7)).toEqual([{ value: 1, time: -2, delay: 2 }])
})

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function mostBehind(events: readonly { readonly time: number }[]): number {
  let latest = -Infinity
  let most = 0
  for (const { time } of events) {
    latest = Math.max(latest, time)
    most = Math.max(most, latest - time)
  }
  return most
}

function gapAt(events: readonly Arrival<number>[], i: number): number {
  const times = inTimeOrder(events).map(({ time }) => time)
  return (times[i] ?? 0) - (times[i - 1] ?? -Infinity)
}
