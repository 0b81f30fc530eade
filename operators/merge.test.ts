import { NEVER, from, merge as rxMerge, type Observable } from 'rxjs'
import { expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { sum } from '../lib/aggregates/sum.ts'
import { tumbling } from '../lib/windows/tumbling.ts'
import { type Element, event, watermark } from '../lib/element.ts'
import { run } from '../lib/run.ts'
import { monotonous } from '../lib/watermarks/monotonous.ts'
import { collect } from '../testing/collect.ts'
import { runMarbles } from '../testing/run-marbles.ts'
import { assignTimestamps, keyBy, map, merge, values, window } from './index.ts'

const numbers = (...times: readonly number[]): Observable<Element<number, undefined, undefined>> =>
  fromIterable(times).pipe(assignTimestamps((n) => n, monotonous()))

test('needs a stream', () => {
  expect(() => merge()).toThrow(
    expect.objectContaining({ code: 'invalid-argument', message: 'merge: expected at least one stream, got none' }),
  )
})

test('of one stream is that stream', async () => {
  expect(await collect(merge(numbers(1, 2)))).toEqual(await collect(numbers(1, 2)))
})

test('of a stream with itself has everything twice', async () => {
  const stream = numbers(1, 2)
  const all = await collect(merge(stream, stream).pipe(values()))
  expect(all.toSorted((a, b) => a - b)).toEqual([1, 1, 2, 2])
})

test('of streams of different values has either', async () => {
  const either: (string | number)[] = await collect(
    merge(numbers(1), numbers(2).pipe(map((n) => `${n}`))).pipe(values()),
  )
  expect(either).toEqual([1, '2'])
})

test('keeps keys, signs and panes', async () => {
  const retraction = event(1, 5, 'a', -1)
  expect(await collect(merge(from([retraction]), numbers()))).toEqual([retraction, watermark(Infinity)])
})

test('counts each event once', async () => {
  const { operators } = await run(merge(numbers(1, 2), numbers(3)), () => {}).done
  expect(operators.map(({ id, in: came, out }) => [id, came, out])).toEqual([
    ['assignTimestamps#2', 1, 1],
    ['assignTimestamps', 2, 2],
    ['merge', 3, 3],
  ])
})

test('of many streams completes windows by the slowest', async () => {
  const streams = Array.from({ length: 20 }, (_, i) => numbers(i, i + 10, i + 20))
  const sums = await collect(
    merge(...streams).pipe(
      keyBy(() => 'all'),
      window(tumbling(10), sum()),
      values(),
    ),
  )
  // Nothing is late, though the streams are 20 ms apart.
  expect(sums.reduce((total, n) => total + n, 0)).toBe(20 * (19 * 1.5 + 30))
})

test('a stream that never says anything holds back the watermark, unlike in RxJS', async () => {
  const { actual, expected } = await runMarbles(
    `
    in1  1@1  ~9  idle
    in2                 idle
    out  1@1            ~9&idle
    `,
    ({ in1, in2 }) => ({ out: merge(in1, in2) }),
  )
  expect(actual).toBe(expected)
  const unmerged: unknown[] = []
  rxMerge(from([event(1, 1), watermark(9)]), NEVER).subscribe((element) => unmerged.push(element))
  expect(unmerged).toHaveLength(2)
})
