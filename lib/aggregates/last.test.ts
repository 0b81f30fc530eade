import { expect, test } from 'vitest'
import { last } from './last.ts'

type Step = readonly [value: string | undefined, time: number]

test.each<{ title: string; steps: readonly Step[]; expected: string | undefined }>([
  { title: 'nothing', steps: [], expected: undefined },
  {
    title: 'the latest by event time',
    steps: [
      ['b', 5],
      ['c', 7],
      ['a', 3],
    ],
    expected: 'c',
  },
  {
    title: 'of equal times the one that arrived last',
    steps: [
      ['a', 3],
      ['b', 5],
      ['x', 5],
    ],
    expected: 'x',
  },
  {
    title: 'a value that is undefined',
    steps: [
      ['b', 3],
      [undefined, 5],
    ],
    expected: undefined,
  },
  {
    title: 'a time before the epoch',
    steps: [
      ['a', -2],
      ['b', -1],
    ],
    expected: 'b',
  },
])('$title', ({ steps, expected }) => {
  const aggregate = last<string | undefined>()
  const added = steps.reduce((last, [value, time]) => aggregate.add(last, value, time), aggregate.create())
  expect(aggregate.result(added)).toBe(expected)

  const parts = steps.map(([value, time]) => aggregate.add(aggregate.create(), value, time))
  const merged = parts.reduce((into, from) => aggregate.merge(into, from), aggregate.create())
  expect(aggregate.result(aggregate.merge(merged, aggregate.create()))).toBe(expected)
})

test('keeps what the function says', () => {
  const aggregate = last((hit: { url: string }) => hit.url)
  expect(aggregate.result(aggregate.add(aggregate.create(), { url: '/' }, 0))).toBe('/')
})

test('refuses what is no function', () => {
  // @ts-expect-error: no function
  expect(() => last('url')).toThrow("last: expected a function of the value, got 'url'")
})
