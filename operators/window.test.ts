import { describe, expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { count } from '../lib/aggregates/count.ts'
import { sum } from '../lib/aggregates/sum.ts'
import { tumbling } from '../lib/windows/tumbling.ts'
import { run } from '../lib/run.ts'
import { monotonous } from '../lib/watermarks/monotonous.ts'
import type { WindowAssigner } from '../lib/window.ts'
import { collect } from '../testing/collect.ts'
import { assignTimestamps, panes, values, window } from './index.ts'

const numbers = fromIterable([1, 2, 11]).pipe(assignTimestamps((n) => n, monotonous()))

test('takes several aggregates under names', async () => {
  const pipeline = numbers.pipe(window(tumbling(10), { total: sum(), hits: count() }), values())
  expect(await collect(pipeline)).toEqual([
    { total: 3, hits: 2 },
    { total: 11, hits: 1 },
  ])
})

test('without a key has one result a window', async () => {
  const results = await collect(numbers.pipe(window(tumbling(100), sum()), panes()))
  expect(results).toEqual([expect.objectContaining({ key: undefined, value: 14 })])
})

test('takes any assigner', async () => {
  const everything: WindowAssigner = { name: 'everything', assign: () => [{ start: -Infinity, end: Infinity }] }
  const results = await collect(numbers.pipe(window(everything, sum()), panes()))
  expect(results).toEqual([expect.objectContaining({ value: 14, timing: 'on-time', isLast: true })])
})

test('can have an id, by which its metrics are found', async () => {
  const { operators } = await run(numbers.pipe(window(tumbling(10), sum(), { id: 'sums' })), () => {}).done
  expect(operators.at(-1)).toMatchObject({ id: 'sums', name: 'window', in: 3, out: 2, contributed: 3 })
})

test('two of one pipeline are told apart', async () => {
  const pipeline = numbers.pipe(window(tumbling(10), sum()), window(tumbling(20), sum()), values())
  expect(await collect(pipeline)).toEqual([14])
  expect((await run(pipeline, () => {}).done).operators.map(({ id }) => id)).toEqual([
    'assignTimestamps',
    'window#2',
    'window',
  ])
})

describe('refuses, as soon as it is built,', () => {
  test.each<[unknown, string, string]>([
    [-1, 'invalid-argument', 'window: allowedLateness must be >= 0, got -1'],
    ['-1s', 'invalid-argument', "window: allowedLateness must be >= 0, got '-1s'"],
    [0.5, 'invalid-duration', 'window: allowedLateness: expected a whole number'],
    ['soon', 'invalid-duration', 'window: allowedLateness: expected a whole number'],
    [Infinity, 'invalid-duration', 'window: allowedLateness: expected a whole number'],
  ])('a lateness of %s', (allowedLateness, code, message) => {
    const build = (): unknown => window(tumbling(10), sum(), { allowedLateness: allowedLateness as number })
    expect(build).toThrow(message)
    expect(build).toThrow(expect.objectContaining({ code }))
  })

  test.each([undefined, null, 5, 'sum', () => 5])('an aggregate that is %s', (aggregate) => {
    expect(() => window(tumbling(10), aggregate as unknown as ReturnType<typeof sum>)).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    )
  })
})

test('the lateness may be a text', async () => {
  const pipeline = fromIterable([1_000, 20_000, 2_000, 3_000, 60_000]).pipe(
    assignTimestamps((n) => n, monotonous()),
    window(tumbling('10s'), count(), { allowedLateness: '15s' }),
    panes(),
  )
  expect((await collect(pipeline)).map(({ value, timing }) => `${value} ${timing}`)).toEqual([
    '1 on-time',
    '2 late',
    '3 late',
    '1 on-time',
    '1 on-time',
  ])
})
