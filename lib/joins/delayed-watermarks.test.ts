import { from } from 'rxjs'
import { expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { assignTimestamps } from '../../operators/assign-timestamps.ts'
import { map } from '../../operators/map.ts'
import { collect } from '../../testing/collect.ts'
import { runMarbles } from '../../testing/run-marbles.ts'
import { event, watermark } from '../element.ts'
import { monotonous } from '../watermarks/monotonous.ts'
import { isInsertOnlyStream } from '../wiring/flow.ts'
import { delayedWatermarks } from './delayed-watermarks.ts'

test('holds back watermarks, and nothing else', async () => {
  const { actual, expected } = await runMarbles(
    `
    in   a@1  ~5  idle  b@9  ~12  -c@9  |
    out  a@1  ~2  idle  b@9  ~9   -c@9  |
    `,
    ({ in: source }) => ({ out: delayedWatermarks(source.pipe(map((value) => value)), 3) }),
  )
  expect(actual).toBe(expected)
})

test('the end stays the end', async () => {
  const elements = [event('a', 1), watermark(5)]
  expect(await collect(delayedWatermarks(from(elements).pipe(map((value) => value)), 10))).toEqual([
    event('a', 1),
    watermark(-5),
    watermark(Infinity),
  ])
})

test('keeps to itself what is known of a stream', () => {
  const known = fromIterable([1]).pipe(assignTimestamps((n) => n, monotonous()))
  expect(isInsertOnlyStream(delayedWatermarks(known, 1))).toBe(true)
  expect(isInsertOnlyStream(delayedWatermarks(from([event('a', 1)]), 1))).toBe(false)
  expect(delayedWatermarks(known, 0)).toBe(known)
})
