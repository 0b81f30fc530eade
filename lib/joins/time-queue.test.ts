import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { TimeQueue } from './time-queue.ts'

interface Named {
  readonly time: number
  readonly name: number
}

/** All that lies before a time, in the order in which it is handed out. */
function taken(queue: TimeQueue<Named>, before: number): Named[] {
  const all: Named[] = []
  for (let next = queue.takeBefore(before); next !== undefined; next = queue.takeBefore(before)) all.push(next)
  return all
}

function queueOf(...times: readonly number[]): TimeQueue<Named> {
  const queue = new TimeQueue<Named>()
  for (const [name, time] of times.entries()) queue.push({ time, name })
  return queue
}

test.each([
  { times: [5], before: 5, names: [] },
  { times: [5], before: 6, names: [0] },
  { times: [-5, -6], before: 0, names: [1, 0] },
  { times: [5, 7, 6], before: 7, names: [0, 2] },
  { times: [5, 7, 6, 5, 7, 6], before: Infinity, names: [0, 3, 2, 5, 1, 4] },
  { times: [5, 9, 5, 9, 5], before: Infinity, names: [0, 2, 4, 1, 3] },
])('of $times hands out $names before $before', ({ times, before, names }) => {
  const queue = queueOf(...times)
  expect(taken(queue, before).map(({ name }) => name)).toEqual(names)
  expect(queue.size).toBe(times.length - names.length)
})

test.each([
  { times: [], first: Infinity },
  { times: [5, 7], first: 5 },
  { times: [5, 7, 6, 4], first: 4 },
])('of $times the first is at $first', ({ times, first }) => {
  expect(queueOf(...times).firstTime).toBe(first)
})

test('starts anew when it has been emptied: what comes then need not be later', () => {
  const queue = queueOf(9, 3)
  expect(taken(queue, Infinity).map(({ time }) => time)).toEqual([3, 9])
  queue.push({ time: 4, name: 2 })
  queue.push({ time: 4, name: 3 })
  expect(taken(queue, 5).map(({ name }) => name)).toEqual([2, 3])
  expect(queue.size).toBe(0)
})

test('hands out in the order of times and then of arrival, however events and watermarks interleave', () => {
  const steps = fc.array(
    fc.record({ time: fc.integer({ min: -20, max: 20 }), isWatermark: fc.boolean(), times: fc.nat({ max: 20 }) }),
    { maxLength: 60, size: 'max' },
  )
  fc.assert(
    fc.property(steps, (made) => {
      const queue = new TimeQueue<Named>()
      let waiting: Named[] = []
      let name = 0
      for (const { time, isWatermark, times } of made) {
        if (isWatermark) {
          const due = waiting.filter((each) => each.time < time).toSorted((a, b) => a.time - b.time)
          expect(taken(queue, time)).toEqual(due)
          waiting = waiting.filter((each) => each.time >= time)
        } else {
          // Some of one time, and some that come in order.
          for (let i = 0; i <= times; i++) {
            const each = { time: time + (i >> 1), name: name++ }
            queue.push(each)
            waiting.push(each)
          }
        }
        expect(queue.size).toBe(waiting.length)
      }
    }),
  )
})
