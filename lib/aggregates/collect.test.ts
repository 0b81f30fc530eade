import { expect, test } from 'vitest'
import { collect } from './collect.ts'

type Step = readonly [value: unknown, time: number]

function collected(steps: readonly Step[], takenBack: readonly Step[] = []): unknown[] {
  const aggregate = collect<unknown>()
  let accumulator = aggregate.create()
  for (const [value, time] of steps) accumulator = aggregate.add(accumulator, value, time)
  for (const [value, time] of takenBack) accumulator = aggregate.retract(accumulator, value, time)
  return aggregate.result(accumulator)
}

test.each<{ title: string; steps: readonly Step[]; expected: readonly unknown[] }>([
  { title: 'nothing', steps: [], expected: [] },
  {
    title: 'in the order of event time',
    steps: [
      ['c', 5],
      ['a', -3],
      ['d', 7],
      ['b', 4],
    ],
    expected: ['a', 'b', 'c', 'd'],
  },
  {
    title: 'of equal times in the order of arrival',
    steps: [
      ['b', 5],
      ['a', 3],
      ['c', 5],
      ['a2', 3],
    ],
    expected: ['a', 'a2', 'b', 'c'],
  },
  {
    title: 'equal values all',
    steps: [
      ['a', 1],
      ['a', 1],
      ['a', 0],
    ],
    expected: ['a', 'a', 'a'],
  },
])('$title', ({ steps, expected }) => {
  expect(collected(steps)).toEqual(expected)

  const aggregate = collect<unknown>()
  const parts = steps.map(([value, time]) => aggregate.add(aggregate.create(), value, time))
  const merged = parts.reduce((into, from) => aggregate.merge(into, from), aggregate.create())
  expect(aggregate.result(merged)).toEqual(expected)
})

test.each<{ title: string; takenBack: readonly Step[]; expected: readonly unknown[] }>([
  { title: 'the value at its time', takenBack: [['a', 3]], expected: ['a', 'b', { id: 1 }, 'b', 'a'] },
  { title: 'another one of that value', takenBack: [['a', 1]], expected: ['b', { id: 1 }, 'b', 'a', 'a'] },
  {
    title: 'of equal values and times the last to arrive',
    takenBack: [['b', 2]],
    expected: ['a', 'b', { id: 1 }, 'a', 'a'],
  },
  { title: 'an object by what is in it', takenBack: [[{ id: 1 }, 2]], expected: ['a', 'b', 'b', 'a', 'a'] },
])('takes back $title', ({ takenBack, expected }) => {
  const steps: readonly Step[] = [
    ['a', 1],
    ['b', 2],
    [{ id: 1 }, 2],
    ['b', 2],
    ['a', 3],
    ['a', 3],
  ]
  expect(collected(steps, takenBack)).toEqual(expected)
  const outOfOrder: readonly Step[] = [
    ['a', 3],
    ['b', 2],
    [{ id: 1 }, 2],
    ['a', 3],
    ['b', 2],
    ['a', 1],
  ]
  expect(collected(outOfOrder, takenBack)).toEqual(expected)
})

test.each<{ title: string; takenBack: Step }>([
  { title: 'at another time', takenBack: ['a', 2] },
  { title: 'of another value', takenBack: ['c', 1] },
  { title: 'before all', takenBack: ['a', 0] },
  { title: 'after all', takenBack: ['a', 9] },
])('refuses to take back what is not there: $title', ({ takenBack }) => {
  expect(() =>
    collected(
      [
        ['a', 1],
        ['b', 3],
      ],
      [takenBack],
    ),
  ).toThrow(
    expect.objectContaining({
      code: 'unsupported',
      message: `collect: expected to take back a value that is there, got '${String(takenBack[0])}'`,
    }),
  )
})

test('hands out an array of its own', () => {
  const aggregate = collect<string>()
  const accumulator = aggregate.add(aggregate.create(), 'a', 0)
  aggregate.result(accumulator).push('b')
  expect(aggregate.result(accumulator)).toEqual(['a'])
})

test('collects what the function says', () => {
  const aggregate = collect((hit: { url: string }) => hit.url)
  const accumulator = aggregate.add(aggregate.create(), { url: '/' }, 0)
  expect(aggregate.result(accumulator)).toEqual(['/'])
  expect(aggregate.result(aggregate.retract(accumulator, { url: '/' }, 0))).toEqual([])
})

test('refuses what is no function', () => {
  // @ts-expect-error: no function
  expect(() => collect('url')).toThrow("collect: expected a function of the value, got 'url'")
})
