import { expect, test } from 'vitest'
import { Instants } from './instants.ts'

function instantsOf(times: Readonly<Record<string, readonly number[]>>): Instants<number, string, undefined> {
  const instants = new Instants<number, string, undefined>()
  for (const [key, each] of Object.entries(times)) {
    for (const time of each) instants.at(key, time, () => `${key}${time}`)
  }
  return instants
}

test('there is one for each time of a key, made when it is first asked for', () => {
  const instants = instantsOf({ a: [5] })
  const found = instants.at('a', 5, () => 'another')
  expect(found).toMatchObject({ time: 5, accumulator: 'a5', events: 0, untaken: [] })
  expect(instants.at('b', 5, () => 'b5')).not.toBe(found)
  expect(instants.at('a', 6, () => 'a6').accumulator).toBe('a6')
  expect(instants.size).toBe(3)
})

test('those of a key in a span are in the order of time', () => {
  const instants = instantsOf({ a: [7, 3, 5, 1, 9, -2], b: [4] })
  const times = (start: number, end: number): number[] => instants.within('a', start, end).map(({ time }) => time)
  expect(times(-10, 10)).toEqual([-2, 1, 3, 5, 7, 9])
  expect(times(3, 7)).toEqual([3, 5])
  expect(times(4, 5)).toEqual([])
  expect(times(9, 9)).toEqual([])
  expect(instants.within('c', -10, 10)).toEqual([])
})

test('the earliest of all keys are taken first, those before a time', () => {
  const instants = instantsOf({ a: [7, 3], b: [5, 1] })
  expect(instants.first).toBe(1)
  expect(instants.takeBefore(1)).toBeUndefined()
  const order: unknown[] = []
  for (let taken = instants.takeBefore(7); taken !== undefined; taken = instants.takeBefore(7))
    order.push(taken.accumulator)
  expect(order).toEqual(['b1', 'a3', 'b5'])
  expect([instants.first, instants.size]).toEqual([7, 1])
  expect(instants.within('b', -10, 10)).toEqual([])
  expect(instants.within('a', -10, 10)).toHaveLength(1)
})

test('one that was taken and comes again is new', () => {
  const instants = instantsOf({ a: [3] })
  instants.takeBefore(10)
  expect(instants.at('a', 3, () => 'anew').accumulator).toBe('anew')
  expect(instants.takeBefore(10)?.accumulator).toBe('anew')
  expect([instants.first, instants.takeBefore(Infinity)]).toEqual([Infinity, undefined])
})

test('those of one time leave in the order in which they came, also after a recovery', () => {
  const instants = instantsOf({ b: [5], a: [5] })
  const asSaved = { restore: (accumulator: unknown): unknown => accumulator }
  const saved: (readonly [unknown, unknown])[] = []
  instants.saved(asSaved, () => {}).save((key, cell) => saved.push([key, cell]), 'all')
  const recovered = instantsOf({})
  const part = recovered.saved(asSaved, () => {})
  for (const [key, cell] of saved.toReversed()) part.load(key, cell)
  for (const each of [instants, recovered]) {
    each.at('0', 5, () => 'last')
    const keys = Array.from({ length: 3 }, () => each.takeBefore(6)?.key)
    expect(keys).toEqual(['b', 'a', '0'])
  }
})
