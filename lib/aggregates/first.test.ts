import { expect, test } from 'vitest'
import { first } from './first.ts'

type Step = readonly [value: string | undefined, time: number]

test.each<{ title: string; steps: readonly Step[]; expected: string | undefined }>([
  { title: 'nothing', steps: [], expected: undefined },
  {
    title: 'the earliest by event time',
    steps: [
      ['b', 5],
      ['a', 3],
      ['c', 7],
    ],
    expected: 'a',
  },
  {
    title: 'of equal times the one that arrived first',
    steps: [
      ['b', 5],
      ['a', 3],
      ['x', 3],
    ],
    expected: 'a',
  },
  {
    title: 'a value that is undefined',
    steps: [
      ['b', 5],
      [undefined, 3],
    ],
    expected: undefined,
  },
  {
    title: 'a time before the epoch',
    steps: [
      ['a', 0],
      ['b', -1],
    ],
    expected: 'b',
  },
])('$title', ({ steps, expected }) => {
  const aggregate = first<string | undefined>()
  const added = steps.reduce((first, [value, time]) => aggregate.add(first, value, time), aggregate.create())
  expect(aggregate.result(added)).toBe(expected)

  const parts = steps.map(([value, time]) => aggregate.add(aggregate.create(), value, time))
  const merged = parts.reduce((into, from) => aggregate.merge(into, from), aggregate.create())
  expect(aggregate.result(aggregate.merge(merged, aggregate.create()))).toBe(expected)
})

test('keeps what the function says', () => {
  const aggregate = first((hit: { url: string }) => hit.url)
  expect(aggregate.result(aggregate.add(aggregate.create(), { url: '/' }, 0))).toBe('/')
})

test('refuses what is no function', () => {
  // @ts-expect-error: no function
  expect(() => first('url')).toThrow("first: expected a function of the value, got 'url'")
})
