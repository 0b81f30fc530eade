import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minBy } from './min-by.ts'

interface Hit {
  readonly url: string
  readonly millis: number
}

const byMillis = (hit: Hit): number => hit.millis

type Step = readonly [url: string, millis: number, time: number]

test.each<{ title: string; steps: readonly Step[]; expected: string | undefined }>([
  { title: 'nothing', steps: [], expected: undefined },
  {
    title: 'the best',
    steps: [
      ['a', 5, 0],
      ['b', 1, 1],
      ['c', 5, 2],
    ],
    expected: 'b',
  },
  {
    title: 'of equal ones the earlier by event time',
    steps: [
      ['a', 5, 3],
      ['b', 5, 1],
      ['c', 5, 2],
    ],
    expected: 'b',
  },
  {
    title: 'of equal times the smaller as data',
    steps: [
      ['c', 5, 1],
      ['a', 5, 1],
      ['b', 5, 1],
    ],
    expected: 'a',
  },
  {
    title: 'the zeros are equal',
    steps: [
      ['a', -0, 2],
      ['b', 0, 1],
    ],
    expected: 'b',
  },
])('$title', ({ steps, expected }) => {
  const aggregate = minBy(byMillis, (hit) => hit.url)
  for (const some of [steps, steps.toReversed()]) {
    const parts = some.map(([url, millis, time]) => aggregate.add(aggregate.create(), { url, millis }, time))
    const merged = parts.reduce((into, from) => aggregate.merge(into, from), aggregate.create())
    expect(aggregate.result(aggregate.merge(merged, aggregate.create()))).toBe(expected)
  }
})

test('is the head of the sorted values', () => {
  const aggregate = minBy(byMillis)
  const hit = fc.record({ url: fc.constantFrom('a', 'b', 'c'), millis: fc.nat({ max: 4 }) }, { noNullPrototype: true })
  fc.assert(
    fc.property(fc.array(fc.tuple(hit, fc.nat({ max: 2 }))), (steps) => {
      const sorted = steps.toSorted(
        ([a, time], [b, otherTime]) => a.millis - b.millis || time - otherTime || (a.url < b.url ? -1 : 1),
      )
      const found = steps.reduce((kept, [value, time]) => aggregate.add(kept, value, time), aggregate.create())
      expect(aggregate.result(found)).toEqual(sorted[0]?.[0])
    }),
  )
})

test('a value that is undefined is a value', () => {
  const aggregate = minBy(byMillis, (hit) => (hit.millis === 1 ? undefined : hit.url))
  const one = aggregate.add(aggregate.create(), { url: 'a', millis: 1 }, 0)
  expect(aggregate.result(aggregate.add(one, { url: 'b', millis: 5 }, 0))).toBeUndefined()
})

test.each([
  [Number.NaN, 'NaN'],
  [undefined, 'undefined'],
])('refuses to compare by %s', (by, shown) => {
  const aggregate = minBy(() => by as number)
  expect(() => aggregate.add(aggregate.create(), 1, 0)).toThrow(
    expect.objectContaining({
      code: 'invalid-argument',
      message: `minBy: expected a number, a text or a bigint, got ${shown}`,
    }),
  )
})

test('refuses kinds mixed, for which there is no order', () => {
  const aggregate = minBy((value: number | string) => value)
  const one = aggregate.add(aggregate.create(), 12, 0)
  const message = "minBy: expected values of one kind, got '-' beside 12"
  expect(() => aggregate.add(one, '-', 0)).toThrow(message)
  expect(() => aggregate.merge(one, aggregate.add(aggregate.create(), '-', 0))).toThrow(message)
})

test('refuses what is no function', () => {
  // @ts-expect-error: what to compare by is missing
  expect(() => minBy()).toThrow('minBy: expected a function of the value, got undefined')
  // @ts-expect-error: no function
  expect(() => minBy(byMillis, 'url')).toThrow("minBy: expected a function of the value, got 'url'")
})

test('takes nothing back', () => {
  expect(minBy(byMillis)).not.toHaveProperty('retract')
})
