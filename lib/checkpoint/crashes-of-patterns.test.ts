// Partial matches come back with what they share, how they may still go on, when they end, and what waits because of them.
import type { Observable } from 'rxjs'
import { expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { assignTimestamps, changes, detect, keyBy, merge } from '../../operators/index.ts'
import type { Event } from '../element.ts'
import { begin } from '../patterns/begin.ts'
import type { Pattern } from '../patterns/pattern.ts'
import type { Skip } from '../patterns/skip.ts'
import { boundedOutOfOrderness } from '../watermarks/bounded-out-of-orderness.ts'
import { type SideOutput, sideOutput } from '../wiring/side-output.ts'
import { crashes } from './fixtures/crashes.ts'
import { type Sale, sales } from './fixtures/sales.ts'
import type { TimedOut } from '../../operators/detect.ts'

const keyed = fromIterable(sales, { chunkSize: 7 }).pipe(
  assignTimestamps((sale) => sale.time, boundedOutOfOrderness(30)),
  keyBy((sale) => sale.shop),
)

/** Matches, what runs out of time, and what is late. */
function found<S extends object>(
  pattern: Pattern<Sale, S>,
  skip: Skip<keyof S & string> = 'none',
): Observable<unknown> {
  const late: SideOutput<Event<Sale, string, undefined>> = sideOutput('late')
  const timedOut: SideOutput<Event<TimedOut<Pattern<Sale, S>>, string, undefined>> = sideOutput('timed out')
  return merge(keyed.pipe(detect(pattern, { skip, late, timedOut })), late, timedOut).pipe(changes())
}

const small = begin('small', ({ amount }: Sale) => amount < 8)

const pipelines: Readonly<Record<string, () => Observable<unknown>>> = {
  'all there are': () =>
    found(small.followedByAny('large', ({ amount }, { small: { amount: least } }) => amount > least + 4).within(200)),
  'matches that wait for what begins earlier': () =>
    found(
      small.followedByAny('large', ({ amount }, { small: { amount: least } }) => amount > 2 * least + 3).within(240),
      'to-next',
    ),
  'loops in all combinations': () =>
    found(
      small
        .followedBy('more', ({ amount }) => amount > 3)
        .timesOrMore(2)
        .allowCombinations()
        .followedBy('end', ({ amount }, { more }) => amount > more.length * 4)
        .within(220),
    ),
  'what must not come, at last': () =>
    found(
      small
        .followedBy('large', ({ amount }) => amount > 8)
        .notFollowedBy('none', ({ amount }) => amount === 9)
        .within(150),
      'to-next',
    ),
  'the very next': () =>
    found(
      small
        .next('other', ({ amount }) => amount > 2)
        .notNext('five', ({ amount }) => amount % 5 === 0)
        .within(300),
    ),
  'greedy, until, optional': () =>
    found(
      small
        .followedBy('rising', ({ amount }, { rising }) => amount > (rising.at(-1)?.amount ?? 0))
        .times(1, 3)
        .greedy()
        .until(({ amount }) => amount === 16)
        .followedBy('maybe', ({ amount }) => amount % 2 === 0)
        .optional()
        .followedBy('last', ({ amount }) => amount > 5)
        .within(260),
      'past-last',
    ),
  'skips to the last of a loop': () =>
    found(
      small
        .oneOrMore()
        .followedBy('large', ({ amount }) => amount > 10)
        .within(320),
      { toLast: 'small' },
    ),
  'skips to the first of a stage': () =>
    found(
      small
        .oneOrMore()
        .consecutive()
        .followedByAny('large', ({ amount }) => amount > 9)
        .within(280),
      { toFirst: 'large' },
    ),
}

test.each(Object.entries(pipelines))('%s', async (_, pipeline) => {
  const { expected, points, differing } = await crashes(pipeline)
  expect(expected.length).toBeGreaterThan(10)
  expect(points).toBeGreaterThan(50)
  expect(differing).toEqual([])
})
