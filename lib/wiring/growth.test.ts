import { describe, expect, test, vi } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { aggregate, assignTimestamps, coGroup, keyBy, window, windowJoin } from '../../operators/index.ts'
import { collect } from '../aggregates/collect.ts'
import { count } from '../aggregates/count.ts'
import { countDistinct } from '../aggregates/count-distinct.ts'
import type { Element, Stream } from '../element.ts'
import { RecordingSink } from '../fixtures/recording-sink.ts'
import type { Notice } from '../job/notice.ts'
import type { OperatorMetrics } from '../metrics.ts'
import { run } from '../run.ts'
import { monotonous } from '../watermarks/monotonous.ts'
import { countWindow } from '../windows/count-window.ts'
import { globalWindow } from '../windows/global-window.ts'
import { tumbling } from '../windows/tumbling.ts'
import { type Endless, Growth } from './growth.ts'

function noticesOf(endless: Endless, metrics: readonly Partial<OperatorMetrics>[]): readonly string[] {
  const said: string[] = []
  const growth = new Growth(endless, ({ message }) => said.push(message))
  for (const each of metrics) growth.look({ id: 'aggregate', held: 0, entries: 0, ...each } as OperatorMetrics)
  return said
}

describe('a growing state', () => {
  const keys: Endless = { of: 'keys', because: "keep is 'forever'" }
  const day = 86_400_000

  test('is said aloud once, with what it comes to in a day', () => {
    const metrics = [0, 1, 2, 3].map((i) => ({ watermark: i * (day / 2), entries: i * 50_000, held: 900_000 }))
    expect(noticesOf(keys, metrics)).toEqual([
      "aggregate: holds 100,000 keys, and lets go of none before the input ends, because keep is 'forever'; " +
        'about 100,000 more for each day of event time',
    ])
  })

  test('is not while it is small, nor before there is event time', () => {
    expect(noticesOf(keys, [{ watermark: 0, entries: 99_999 }])).toEqual([])
    expect(noticesOf(keys, [{ watermark: -Infinity, entries: 100_000 }])).toEqual([])
  })

  test('is counted by events where each of them is held', () => {
    const [said] = noticesOf({ ...keys, of: 'events' }, [{ watermark: 5, entries: 1, held: 100_000 }])
    expect(said).toBe(
      "aggregate: holds 100,000 events, and lets go of none before the input ends, because keep is 'forever'",
    )
  })
})

describe('operators', () => {
  const numbers = (size: number): Stream<number, number> =>
    fromIterable({
      *[Symbol.iterator]() {
        for (let i = 0; i < size; i++) yield i
      },
    }).pipe(
      assignTimestamps((n) => n, monotonous()),
      keyBy((n) => n),
    )
  const few = (size: number): Stream<number, number> => numbers(size).pipe(keyBy((n) => n % 3))

  async function notices(stream: Stream<unknown, unknown, unknown, 1 | -1>): Promise<readonly Notice[]> {
    const said: Notice[] = []
    const sink = new RecordingSink<Element<unknown, unknown, unknown, 1 | -1>>()
    await run(stream, sink, { onNotice: (notice) => said.push(notice) }).done
    return said
  }

  const size = 103_000
  const growing: readonly (readonly [string, Stream<unknown, unknown, unknown, 1 | -1>])[] = [
    ['keys', numbers(size).pipe(aggregate(count(), { keep: 'forever' }))],
    ['events', few(size).pipe(aggregate({ n: count(), d: countDistinct() }, { keep: 'forever' }))],
    ['keys', numbers(size).pipe(window(globalWindow(), count()))],
    ['events', few(size).pipe(window(globalWindow(), collect()))],
    ['keys', numbers(size).pipe(window(countWindow(2), count()))],
    ['events', few(size / 2).pipe(windowJoin(numbers(size / 2), globalWindow(), { kind: 'anti' }))],
    ['events', few(size / 2).pipe(coGroup(numbers(size / 2), globalWindow()))],
  ]

  test.each(growing)('whose state has no end say so, of %s (%#)', async (of, stream) => {
    const said = await notices(stream)
    expect(said).toHaveLength(1)
    expect(said[0]?.code).toBe('growing-state')
    expect(said[0]?.message).toMatch(new RegExp(`: holds 10\\d,\\d{3} ${of}, and .*; about [\\d,]+0 more for each day`))
  })

  test('whose state has an end do not', async () => {
    expect(await notices(numbers(size).pipe(aggregate(count(), { keep: '1d' })))).toEqual([])
    expect(await notices(numbers(size).pipe(window(tumbling('1d'), count())))).toEqual([])
    expect(await notices(few(size).pipe(window(globalWindow(), count())))).toEqual([])
  })

  test('warn through the process unless told otherwise', async () => {
    const emitWarning = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    await run(numbers(size).pipe(aggregate(count(), { keep: 'forever' })), new RecordingSink()).done
    expect(emitWarning).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/^aggregate: holds 1\d\d,\d+ keys/), {
      type: 'TidemarkNotice',
      code: 'growing-state',
    })
  })
})
