import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { event } from '../element.ts'
import { HeldEvent, HeldKey } from './held-event.ts'
import { HeldQueue } from './held-queue.ts'

type Held = HeldEvent<ReturnType<typeof event<string>>>

const key = new HeldKey<Held['event']>()

function queueOf(...times: readonly number[]): {
  readonly queue: HeldQueue<Held['event']>
  readonly all: readonly Held[]
} {
  const queue = new HeldQueue<Held['event']>()
  const all = times.map((time, number) => new HeldEvent(event('', time), key, number, 0))
  for (const each of all) queue.push(each)
  return { queue, all }
}

/** What comes out of it, by arrival; undefined for what is gone. */
function drained(queue: HeldQueue<Held['event']>): (number | undefined)[] {
  const numbers: (number | undefined)[] = []
  while (queue.first !== undefined) numbers.push(queue.shift()?.number)
  return numbers
}

test('has nothing in it at first', () => {
  const { queue } = queueOf()
  expect([queue.earliest, queue.first, queue.shift()]).toEqual([Infinity, undefined, undefined])
})

test('is in the order of times, those of equal times in the order of arrival', () => {
  const { queue } = queueOf(5, 7, 5, 3, 7, 9, 3)
  expect(queue.earliest).toBe(3)
  expect(drained(queue)).toEqual([3, 6, 0, 2, 1, 4, 5])
  expect(queue.earliest).toBe(Infinity)
})

test('an event far ahead does not hold the others back', () => {
  const { queue } = queueOf(1_000, 1, 2, 3)
  expect(queue.earliest).toBe(1)
  expect(drained(queue)).toEqual([1, 2, 3, 0])
})

test('says nothing of what is gone when its turn comes', () => {
  const { queue, all } = queueOf(1, 2, 3)
  if (all[1] !== undefined) queue.drop(all[1], 2)
  expect(drained(queue)).toEqual([0, undefined, 2])
})

test('lets go of what is gone before its turn, if that is most', () => {
  const { queue, all } = queueOf(...Array.from({ length: 200 }, (_, i) => (i * 7) % 100))
  for (const [i, each] of all.slice(0, 190).entries()) queue.drop(each, 199 - i)
  const left = drained(queue)
  expect(left.filter((number) => number !== undefined)).toHaveLength(10)
  expect(left.length).toBeLessThan(100)
})

test('is what a sorted array is, whatever is pushed, shifted and dropped', () => {
  const steps = fc.array(
    fc.record({ what: fc.constantFrom('push', 'push', 'shift', 'drop'), time: fc.nat(50), which: fc.nat() }),
    { maxLength: 200 },
  )
  fc.assert(
    fc.property(steps, (made) => {
      const queue = new HeldQueue<Held['event']>()
      const model: Held[] = []
      for (const [number, { what, time, which }] of made.entries()) {
        const chosen = model[which % model.length]
        if (what === 'push') {
          const pushed = new HeldEvent(event('', time), key, number, 0)
          queue.push(pushed)
          model.push(pushed)
          model.sort((a, b) => a.event.time - b.event.time || a.number - b.number)
        } else if (chosen !== undefined && what === 'drop') {
          model.splice(model.indexOf(chosen), 1)
          queue.drop(chosen, model.length)
        } else if (chosen !== undefined) {
          let taken = queue.shift()
          while (taken === undefined && queue.first !== undefined) taken = queue.shift()
          expect(taken).toBe(model.shift())
        }
        expect(queue.earliest).toBeLessThanOrEqual(model[0]?.event.time ?? Infinity)
      }
      expect(drained(queue).filter((number) => number !== undefined)).toEqual(model.map(({ number }) => number))
    }),
  )
})
