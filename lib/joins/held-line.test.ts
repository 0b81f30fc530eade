import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { event } from '../element.ts'
import { HeldEvent, HeldKey } from './held-event.ts'
import { HeldLine } from './held-line.ts'

type Held = HeldEvent<ReturnType<typeof event<string>>>

const key = new HeldKey<Held['event']>()

function lineOf(...times: readonly number[]): HeldLine<Held> {
  const line = new HeldLine<Held>()
  for (const [number, time] of times.entries()) line.add(held(time, number))
  return line
}

function held(time: number, number: number): Held {
  return new HeldEvent(event('', time), key, number, 0)
}

/** Times and arrivals, in order. */
function contentsOf(line: HeldLine<Held>): string[] {
  const found: string[] = []
  for (let place = line.placeOf(-Infinity); line.at(place) !== undefined; place++) found.push(nameOf(line.at(place)))
  return found
}

function nameOf(each: Held | undefined): string {
  return each === undefined ? 'none' : `${each.event.time}#${each.number}`
}

test('is in the order of times, those of equal times in the order of arrival', () => {
  const line = lineOf(5, 3, 5, 4, 3)
  expect(contentsOf(line)).toEqual(['3#1', '3#4', '4#3', '5#0', '5#2'])
  expect([nameOf(line.first), line.earliest, line.latest, line.size]).toEqual(['3#1', 3, 5, 5])
})

test('has nothing in it at first, and when all is gone', () => {
  const line = lineOf()
  expect([line.first, line.earliest, line.latest, line.size]).toEqual([undefined, Infinity, -Infinity, 0])
  line.add(held(1, 0))
  line.shift()
  expect([line.first, line.earliest, line.latest, line.size]).toEqual([undefined, Infinity, -Infinity, 0])
  line.add(held(0, 1))
  expect(contentsOf(line)).toEqual(['0#1'])
})

test('counts what moves events, which one added at the end does not', () => {
  const line = lineOf(1, 2, 2)
  expect(line.moves).toBe(0)
  line.add(held(1, 3))
  expect(line.moves).toBe(1)
  line.shift()
  expect(line.moves).toBe(2)
  const { first } = line
  if (first !== undefined) line.remove(first)
  expect(line.moves).toBe(3)
})

test.each([
  { time: 0, at: '1#0', after: '1#0' },
  { time: 1, at: '1#0', after: '3#1' },
  { time: 2, at: '3#1', after: '3#1' },
  { time: 3, at: '3#1', after: '3#2' },
  { time: 4, at: 'none', after: 'none' },
])('finds the first event at $time, and the first behind those that came up to number 1', ({ time, at, after }) => {
  const line = lineOf(1, 3, 3)
  expect(nameOf(line.at(line.placeOf(time)))).toBe(at)
  expect(nameOf(line.at(line.placeAfter(time, 1)))).toBe(after)
})

test('does not remove what is not there', () => {
  const line = lineOf(1, 2)
  line.remove(held(1, 5))
  expect(line.size).toBe(2)
})

test('is what a sorted array is, whatever is added, shifted and removed', () => {
  const steps = fc.array(
    fc.record({
      what: fc.constantFrom('add', 'add', 'add', 'shift', 'shift', 'remove'),
      time: fc.nat(20),
      which: fc.nat(),
    }),
    { maxLength: 150, size: 'max' },
  )
  fc.assert(
    fc.property(steps, (made) => {
      const line = new HeldLine<Held>()
      const model: Held[] = []
      for (const [number, { what, time, which }] of made.entries()) {
        const chosen = model[which % model.length]
        if (what === 'add') {
          const added = held(time, number)
          line.add(added)
          model.push(added)
          model.sort((a, b) => a.event.time - b.event.time || a.number - b.number)
        } else if (chosen !== undefined && what === 'shift') {
          line.shift()
          model.shift()
        } else if (chosen !== undefined) {
          line.remove(chosen)
          model.splice(model.indexOf(chosen), 1)
        }
        expect(contentsOf(line)).toEqual(model.map(nameOf))
        expect([line.size, line.first]).toEqual([model.length, model[0]])
        expect([line.earliest, line.latest]).toEqual([
          model[0]?.event.time ?? Infinity,
          model.at(-1)?.event.time ?? -Infinity,
        ])
        const found = model.findIndex((each) => each.event.time >= time)
        expect(line.at(line.placeOf(time))).toBe(found < 0 ? undefined : model[found])
      }
    }),
  )
})
