import { describe, expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { type Pane, panes } from '../../operators/panes.ts'
import { window, type WindowOptions } from '../../operators/window.ts'
import { collect } from '../../testing/collect.ts'
import { sum } from '../aggregates/sum.ts'
import { type Diff, type Element, event, watermark } from '../element.ts'
import { failureOf } from '../fixtures/failure.ts'
import { run } from '../run.ts'
import { afterCount } from '../triggers/after-count.ts'
import { afterWatermark } from '../triggers/after-watermark.ts'
import { never } from '../triggers/never.ts'
import { once } from '../triggers/once.ts'
import { repeatedly } from '../triggers/repeatedly.ts'
import type { Accumulation } from '../window.ts'
import { tumbling } from '../windows/tumbling.ts'

type Numbers = readonly Element<number, string, undefined, Diff>[]
type Options = WindowOptions<number, string, undefined, Diff>

/** `+3 early 0 -1 first`: the value, timing, index and non-speculative index of each pane, and whether it is the first or last. */
function shown({
  value,
  diff,
  timing,
  index,
  nonSpeculativeIndex,
  isFirst,
  isLast,
}: Pane<number, string, Diff>): string {
  const sign = diff === 1 ? '+' : '-'
  const ends = [isFirst && 'first', isLast && 'last'].filter((end) => end !== false)
  return [`${sign}${value}`, timing, index, nonSpeculativeIndex, ...ends].join(' ')
}

async function panesOf(elements: Numbers, options: Options): Promise<string[]> {
  const pipeline = fromIterable(elements).pipe(window(tumbling(10), sum(), options), panes())
  return (await collect(pipeline)).map(shown)
}

describe('panes say which they are', () => {
  const elements: Numbers = [event(1, 1, 'a'), event(2, 2, 'a'), watermark(10), event(4, 3, 'a'), watermark(20)]

  test.each<[string, Options, readonly string[]]>([
    [
      'early, on time and late',
      { trigger: afterWatermark({ early: afterCount(1), late: afterCount(1) }), allowedLateness: 10 },
      ['+1 early 0 -1 first', '+3 early 1 -1', '+3 on-time 2 0', '+7 late 3 1'],
    ],
    [
      'late, if they were withheld at completion',
      { trigger: repeatedly(afterCount(3)), allowedLateness: 10 },
      ['+7 late 0 0 first'],
    ],
    ['late and last, if they leave at expiry', { trigger: never(), allowedLateness: 10 }, ['+7 late 0 0 first last']],
    [
      'on time and last, where completion is expiry',
      { trigger: afterWatermark({ early: afterCount(1) }) },
      ['+1 early 0 -1 first', '+3 early 1 -1', '+3 on-time 2 0 last'],
    ],
    ['last, if the trigger is finished with them', { trigger: once(afterCount(2)) }, ['+3 early 0 -1 first last']],
    [
      'last, though they have nothing new',
      { trigger: afterWatermark({ late: afterCount(1) }), allowedLateness: 10, closing: 'always' },
      ['+3 on-time 0 0 first', '+7 late 1 1', '+7 late 2 2 last'],
    ],
  ])('%s', async (_, options, expected) => {
    expect(await panesOf(elements, options)).toEqual(expected)
  })
})

describe('results of one window', () => {
  const elements: Numbers = [event(1, 1, 'a'), event(2, 2, 'a'), watermark(10), event(4, 3, 'a')]
  const options = { trigger: repeatedly(afterCount(1)), allowedLateness: 10 }

  test.each<[Accumulation, readonly string[]]>([
    ['accumulating', ['+1 early 0 -1 first', '+3 early 1 -1', '+7 late 2 0']],
    ['discarding', ['+1 early 0 -1 first', '+2 early 1 -1', '+4 late 2 0']],
    ['retracting', ['+1 early 0 -1 first', '-1 early 0 -1 first', '+3 early 1 -1', '-3 early 1 -1', '+7 late 2 0']],
  ])('are %s', async (accumulation, expected) => {
    expect(await panesOf(elements, { ...options, accumulation })).toEqual(expected)
  })
})

describe('a window of which all was taken back', () => {
  const back: Numbers = [event(1, 1, 'a'), event(1, 1, 'a', -1)]

  test('gives nothing, if it has given nothing before', async () => {
    for (const accumulation of ['accumulating', 'retracting'] as const) {
      expect(await panesOf(back, { accumulation })).toEqual([])
      expect(await panesOf(back, { accumulation, closing: 'always', trigger: never() })).toEqual([])
    }
  })

  test('says that it is empty, if it has given a result that stays', async () => {
    const options = { trigger: repeatedly(afterCount(1)) }
    expect(await panesOf(back, options)).toEqual(['+1 early 0 -1 first', '+0 early 1 -1'])
  })

  test('takes its result back, and gives one anew when something comes', async () => {
    const options = { trigger: repeatedly(afterCount(1)), accumulation: 'retracting' } as const
    expect(await panesOf([...back, event(2, 2, 'a')], options)).toEqual([
      '+1 early 0 -1 first',
      '-1 early 0 -1 first',
      '+2 early 1 -1',
    ])
  })

  test('is not one whose values add up to 0', async () => {
    expect(await panesOf([event(1, 1, 'a'), event(-1, 1, 'a')], {})).toEqual(['+0 on-time 0 0 first last'])
  })
})

test('an error of the result says of which key and time, and what has left before is written', async () => {
  const failing = {
    name: 'failing',
    create: () => 0,
    add: (total: number, n: number) => total + n,
    result(total: number): number {
      if (total === 2) throw new Error('boom')
      return total
    },
    retract: (total: number, n: number) => total - n,
  }
  const written: unknown[] = []
  const elements: Numbers = [event(1, 1, 'a'), event(2, 1, 'b'), event(4, 1, 'c')]
  const job = run(fromIterable(elements).pipe(window(tumbling(10), failing), panes()), ({ value }) => {
    written.push(value)
  })
  expect(await failureOf(job.done)).toMatchObject({
    code: 'callback',
    message: "window: boom (key 'b', event time 9)",
    key: 'b',
    time: 9,
  })
  expect(written).toEqual([1])
})
