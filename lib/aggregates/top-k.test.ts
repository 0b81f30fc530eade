import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Comparable } from './extreme.ts'
import { topK } from './top-k.ts'

interface Hit {
  readonly url: string
  readonly millis: number
}

type Step = readonly [url: string, millis: number, time: number]

function urlsOf(k: number, steps: readonly Step[]): string {
  const aggregate = topK(k, (hit: Hit) => hit.millis)
  const top = steps.reduce((all, [url, millis, time]) => aggregate.add(all, { url, millis }, time), aggregate.create())
  return aggregate
    .result(top)
    .map(({ url }) => url)
    .join(' ')
}

test.each<{ title: string; k: number; steps: readonly Step[]; expected: string }>([
  { title: 'nothing', k: 2, steps: [], expected: '' },
  { title: 'fewer than k', k: 2, steps: [['a', 5, 0]], expected: 'a' },
  {
    title: 'the largest, the best first',
    k: 2,
    steps: [
      ['a', 5, 0],
      ['b', 9, 1],
      ['c', 7, 2],
    ],
    expected: 'b c',
  },
  {
    title: 'of equal ones the earlier by event time',
    k: 2,
    steps: [
      ['a', 5, 3],
      ['b', 5, 1],
      ['c', 5, 2],
    ],
    expected: 'b c',
  },
  {
    title: 'of equal times the smaller as data',
    k: 2,
    steps: [
      ['c', 5, 1],
      ['a', 5, 1],
      ['b', 5, 1],
    ],
    expected: 'a b',
  },
  {
    title: 'equal values each for itself',
    k: 3,
    steps: [
      ['a', 5, 1],
      ['a', 5, 1],
      ['b', 4, 0],
    ],
    expected: 'a a b',
  },
])('$title', ({ k, steps, expected }) => {
  expect(urlsOf(k, steps)).toBe(expected)
  expect(urlsOf(k, steps.toReversed())).toBe(expected)
})

test('is the head of the sorted values, by whatever way they came together', () => {
  const step: fc.Arbitrary<Step> = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat({ max: 4 }), fc.nat({ max: 2 }))
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.array(step), (k, steps) => {
      const sorted = steps.toSorted(
        ([url, millis, time], [otherUrl, otherMillis, otherTime]) =>
          otherMillis - millis || time - otherTime || (url < otherUrl ? -1 : 1),
      )
      const head = sorted.slice(0, k).map(([url]) => url)
      expect(urlsOf(k, steps)).toBe(head.join(' '))
    }),
  )
})

test('ranks values by themselves, too', () => {
  const aggregate = topK<number>(3)
  const add = (some: readonly number[]): ReturnType<typeof aggregate.create> =>
    some.reduce((top, value) => aggregate.add(top, value, 0), aggregate.create())
  expect(aggregate.result(add([1, -0, Infinity, -1, 5]))).toEqual([Infinity, 5, 1])
  // The zeros are equal; which of them came must not show.
  expect(aggregate.result(add([-0]))).toEqual([0])
  expect(aggregate.result(aggregate.merge(add([1, 9]), add([5, 7])))).toEqual([9, 7, 5])
})

test('hands out a list of its own each time', () => {
  const aggregate = topK<number>(2)
  const top = aggregate.add(aggregate.create(), 1, 0)
  const before = aggregate.result(top)
  aggregate.add(top, 2, 0)
  before.push(9)
  expect(aggregate.result(top)).toEqual([2, 1])
})

test('objects of a class have no order: of two equally good ones the first to arrive comes first', () => {
  class Url {
    readonly text: string

    constructor(text: string) {
      this.text = text
    }
  }
  const aggregate = topK(2, (url: Url) => url.text.length)
  const urls = [new Url('b'), new Url('a'), new Url('c')]
  const top = urls.reduce((all, url) => aggregate.add(all, url, 0), aggregate.create())
  expect(aggregate.result(top)).toEqual(urls.slice(0, 2))
})

test.each([0, -1, 1.5, Number.NaN, Infinity, '3', undefined])('refuses %o values', (k) => {
  expect(() => topK(k as number)).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
})

test('refuses what has no order, and what is no function', () => {
  const aggregate = topK<Comparable>(3)
  expect(() => aggregate.add(aggregate.create(), Number.NaN, 0)).toThrow(
    'topK: expected a number, a text or a bigint, got NaN',
  )
  const one = aggregate.add(aggregate.create(), 12, 0)
  expect(() => aggregate.add(one, '-', 0)).toThrow("topK: expected values of one kind, got 12 beside '-'")
  // @ts-expect-error: no function
  expect(() => topK(3, 'millis')).toThrow("topK: expected a function of the value, got 'millis'")
})

test('takes nothing back', () => {
  expect(topK(1)).not.toHaveProperty('retract')
})
