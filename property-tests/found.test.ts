// Counterexamples that the laws here have found, each as small as it shrank.

import { from, share } from 'rxjs'
import { expect, test } from 'vitest'
import { count } from '../lib/aggregates/count.ts'
import { sum } from '../lib/aggregates/sum.ts'
import {
  afterAll,
  afterCount,
  afterEach,
  afterFirst,
  afterProcessingTime,
  afterWatermark,
  everyEventTime,
  repeatedly,
} from '../lib/triggers/index.ts'
import { countWindow } from '../lib/windows/count-window.ts'
import { hopping } from '../lib/windows/hopping.ts'
import { session } from '../lib/windows/session.ts'
import { tumbling } from '../lib/windows/tumbling.ts'
import { type Element, event, type Stream, watermark } from '../lib/element.ts'
import { run } from '../lib/run.ts'
import type { PaneInfo } from '../lib/window.ts'
import { monotonous } from '../lib/watermarks/monotonous.ts'
import { assignTimestamps } from '../operators/assign-timestamps.ts'
import { keyBy } from '../operators/key-by.ts'
import { merge } from '../operators/merge.ts'
import { window } from '../operators/window.ts'
import { runMarbles } from '../testing/run-marbles.ts'
import { steady } from './pace.ts'
import { paced } from './paced.ts'

test('watermarks that are pushed while a window fires are not skipped, and its panes know no more than they should', async () => {
  const elements = [event('a', 0), event('b', 0), watermark(1), watermark(5)]
  const out = await elementsOf(
    from(elements).pipe(
      keyBy((key) => key),
      window(tumbling(1), count(), { allowedLateness: 3 }),
    ),
    1,
  )
  expect(out.map((element) => (element.kind === 'event' ? [element.key, element.pane.isLast] : element))).toEqual([
    ['a', false],
    ['b', false],
    watermark(1),
    watermark(5),
    watermark(Infinity),
  ])
})

test('the branches of a diamond fire one after the other, also in small slices', async () => {
  const branches = (): Stream<number, string> => {
    const times = paced([1, 2], steady).pipe(assignTimestamps((time) => time, monotonous()))
    const keyed = times.pipe(
      keyBy((time) => `key ${time}`),
      share(),
    )
    return merge(keyed.pipe(window(tumbling(3), count())), keyed.pipe(window(hopping(6, 3), count())))
  }
  const small = await elementsOf(branches(), 1)
  expect(small).toEqual(await elementsOf(branches(), 1_000))
  expect(small.flatMap((element) => (element.kind === 'event' ? [element.pane?.window.end] : []))).toEqual([
    3, 3, 3, 3, 6, 6,
  ])
})

test.each<[string, string, (numbers: Stream<number, string>) => Stream<number, string, PaneInfo>]>([
  [
    'a trigger of several knows the deadline of each of its parts',
    `
    in   1@1  2@2  !5         |
    out            [0,10)=3?
    `,
    (numbers) =>
      numbers.pipe(
        window(tumbling(10), sum(), { trigger: repeatedly(afterAll(afterCount(2), afterProcessingTime(5))) }),
      ),
  ],
  [
    'a session that grows after its completion does not start afterEach anew',
    `
    in   1@0  ~6  !1         2@5  !2  |
    out           [0,6)=1!            [0,11)=3
    `,
    (numbers) =>
      numbers.pipe(
        window(session(6), sum(), {
          trigger: afterEach(afterFirst(afterProcessingTime(1)), repeatedly(everyEventTime(100))),
          allowedLateness: 1,
        }),
      ),
  ],
  [
    'what a session has fired counts for nothing when it merges into one that has not',
    `
    in   1@0       ~5       2@8        3@4  |
    out  [0,5)=1?  [0,5)=1  [8,13)=2?       [0,13)=6
    `,
    (numbers) =>
      numbers.pipe(
        window(session(5), sum(), {
          trigger: afterWatermark({ early: afterEach(afterCount(1), afterCount(3)), late: afterCount(1) }),
          allowedLateness: 20,
        }),
      ),
  ],
  [
    'the last count window has what has come of the one that would have been next',
    `
    in   1@1  2@2  3@3  4@4       5@5  |
    out                 [1,5)=10       [3,6)=12
    `,
    (numbers) => numbers.pipe(window(countWindow(6, 4), sum())),
  ],
])('%s', async (_, diagram, pipeline) => {
  const { actual, expected } = await runMarbles<number>(diagram, ({ in: numbers }) => ({ out: pipeline(numbers) }))
  expect(actual).toBe(expected)
})

async function elementsOf<R, K, P>(stream: Stream<R, K, P>, batchSize: number): Promise<Element<R, K, P>[]> {
  const elements: Element<R, K, P>[] = []
  await run(stream, (element) => void elements.push(element), { batchSize }).done
  return elements
}
