// Counterexamples that the laws here have found, each as small as it shrank.

import { from, share } from 'rxjs'
import { expect, test } from 'vitest'
import { count } from '../lib/aggregates/count.ts'
import { hopping } from '../lib/windows/hopping.ts'
import { tumbling } from '../lib/windows/tumbling.ts'
import { type Element, event, type Stream, watermark } from '../lib/element.ts'
import { run } from '../lib/run.ts'
import { monotonous } from '../lib/watermarks/monotonous.ts'
import { assignTimestamps } from '../operators/assign-timestamps.ts'
import { keyBy } from '../operators/key-by.ts'
import { merge } from '../operators/merge.ts'
import { window } from '../operators/window.ts'
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

async function elementsOf<R, K, P>(stream: Stream<R, K, P>, batchSize: number): Promise<Element<R, K, P>[]> {
  const elements: Element<R, K, P>[] = []
  await run(stream, (element) => void elements.push(element), { batchSize }).done
  return elements
}
