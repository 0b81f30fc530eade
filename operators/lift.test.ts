import {
  concatMap,
  debounceTime,
  delay,
  distinctUntilChanged,
  endWith,
  from,
  last,
  map as rxMap,
  mergeMap,
  Observable,
  type OperatorFunction,
  pairwise,
  scan,
  startWith,
  Subject,
  take,
  tap,
  timeout,
  toArray,
} from 'rxjs'
import { describe, expect, test } from 'vitest'
import { sum } from '../lib/aggregates/sum.ts'
import { tumbling } from '../lib/windows/tumbling.ts'
import { type Element, event, watermark } from '../lib/element.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { ScriptedSource } from '../lib/fixtures/scripted-source.ts'
import { turns } from '../lib/fixtures/turns.ts'
import { run } from '../lib/run.ts'
import { monotonous } from '../lib/watermarks/monotonous.ts'
import { collect } from '../testing/collect.ts'
import { assignTimestamps, lift, map, panes, values, window } from './index.ts'

type Keyed = Element<number, string, undefined>

const end = watermark(Infinity)
const input: readonly Keyed[] = [event(1, 1, 'a'), watermark(1), event(1, 2, 'b'), event(5, 4, 'a'), watermark(4)]

const lifted = async <R>(operator: OperatorFunction<number, R>): Promise<unknown[]> =>
  collect(from(input).pipe(lift(operator)))

test.each<[string, OperatorFunction<number, unknown>, readonly unknown[]]>([
  [
    'map: each value at its time, under its key',
    rxMap((n) => -n),
    [event(-1, 1, 'a'), watermark(1), event(-1, 2, 'b'), event(-5, 4, 'a'), watermark(4), end],
  ],
  [
    'scan: remembers, across keys',
    scan((total, n) => total + n, 0),
    [event(1, 1, 'a'), watermark(1), event(2, 2, 'b'), event(7, 4, 'a'), watermark(4), end],
  ],
  [
    'pairwise: the later time and key',
    pairwise(),
    [watermark(1), event([1, 1], 2, 'b'), event([1, 5], 4, 'a'), watermark(4), end],
  ],
  [
    'distinctUntilChanged',
    distinctUntilChanged(),
    [event(1, 1, 'a'), watermark(1), event(5, 4, 'a'), watermark(4), end],
  ],
  [
    'concatMap: several of one',
    concatMap((n) => from([n, -n])),
    [
      event(1, 1, 'a'),
      event(-1, 1, 'a'),
      watermark(1),
      event(1, 2, 'b'),
      event(-1, 2, 'b'),
      event(5, 4, 'a'),
      event(-5, 4, 'a'),
      watermark(4),
      end,
    ],
  ],
  ['take: the stream goes on without values', take(1), [event(1, 1, 'a'), watermark(1), watermark(4), end]],
  [
    'toArray: at the end, with the time and key of the last',
    toArray(),
    [watermark(1), watermark(4), event([1, 1, 5], 4, 'a'), end],
  ],
  ['last', last(), [watermark(1), watermark(4), event(5, 4, 'a'), end]],
])('%s', async (_, operator, elements) => {
  expect(await lifted(operator)).toEqual(elements)
})

test('counts what nothing came out for as filtered, and balances', async () => {
  const operatorsOf = async (operator: OperatorFunction<number, unknown>): Promise<unknown> =>
    (await run(from(input).pipe(lift(operator)), () => {}).done).operators[0]
  expect(await operatorsOf(pairwise())).toMatchObject({ in: 3, out: 2, contributed: 2, filtered: 1 })
  expect(await operatorsOf(take(1))).toMatchObject({ in: 3, out: 1, contributed: 1, filtered: 2 })
  expect(await operatorsOf(concatMap((n) => from([n, n])))).toMatchObject({
    in: 3,
    out: 6,
    contributed: 3,
    filtered: 0,
  })
  expect(await operatorsOf(toArray())).toMatchObject({ in: 3, out: 1, contributed: 0, filtered: 3 })
})

test('keeps the pane of what comes out of a window', async () => {
  const pipeline = from(input).pipe(window(tumbling(10), sum()), lift(rxMap((n) => n * 2)), panes())
  expect(await collect(pipeline)).toEqual([
    expect.objectContaining({ key: 'a', value: 12, window: { start: 0, end: 10 }, timing: 'on-time' }),
    expect.objectContaining({ key: 'b', value: 2, window: { start: 0, end: 10 }, timing: 'on-time' }),
  ])
})

test('of no events gives none, though the operator has something at the end', async () => {
  const empty = from<Keyed[]>([watermark(3)])
  expect(await collect(empty.pipe(lift(toArray())))).toEqual([watermark(3), end])
  expect(await collect(empty.pipe(lift(endWith(0))))).toEqual([watermark(3), end])
})

test('is made anew for each run', async () => {
  const pipeline = from(input).pipe(lift(scan((total, n) => total + n, 0)), values())
  expect(await collect(pipeline)).toEqual([1, 2, 7])
  expect(await collect(pipeline)).toEqual([1, 2, 7])
})

describe('an error', () => {
  const boom = new Error('boom')

  test('of the operator names key and event time', async () => {
    const failing = rxMap((n: number) => {
      if (n === 5) throw boom
      return n
    })
    expect(await failureOf(lifted(failing))).toMatchObject({
      code: 'callback',
      message: "lift: boom (key 'a', event time 4)",
      cause: boom,
    })
  })

  test('of the operator at the end names lift', async () => {
    const failing = lifted((source) =>
      source.pipe(
        toArray(),
        rxMap(() => {
          throw boom
        }),
      ),
    )
    expect(await failureOf(failing)).toMatchObject({ code: 'callback', operator: 'lift', cause: boom })
  })

  test('behind it is not blamed on it, and nothing follows it', async () => {
    const seen: number[] = []
    const pipeline = from(input).pipe(
      lift(concatMap((n) => from([n, n, n]))),
      map((n) => {
        seen.push(n)
        throw boom
      }),
    )
    expect(await failureOf(collect(pipeline))).toMatchObject({
      operator: 'map',
      message: "map: boom (key 'a', event time 1)",
    })
    expect(seen).toEqual([1])
  })

  test.each([
    ['delay', delay<number>(1)],
    ['debounceTime', debounceTime<number>(1)],
    ['a promise', mergeMap(async (n: number) => Promise.resolve(n))],
    ['startWith', startWith(0)],
  ])('is what emits at another time: %s', async (_, operator) => {
    const source = new ScriptedSource<number>().give(1)
    const pipeline = source.values.pipe(
      assignTimestamps((n) => n, monotonous()),
      lift(operator),
    )
    expect(await failureOf(run(pipeline, () => {}).done)).toMatchObject({
      code: 'wiring',
      message: 'lift: expected an operator that emits while it gets a value, got one that emits at another time',
    })
    expect(source.closed).toBe(1)
  })

  test('of an operator that emits by itself leaves nothing of it running', async () => {
    let isLeft = false
    const ticking = (): Observable<number> =>
      new Observable((subscriber) => {
        const interval = setInterval(() => subscriber.next(0), 1)
        return () => {
          isLeft = true
          clearInterval(interval)
        }
      })
    const pipeline = new ScriptedSource<number>().values.pipe(
      assignTimestamps((n) => n, monotonous()),
      lift(ticking),
    )
    expect(await failureOf(run(pipeline, () => {}).done)).toMatchObject({ code: 'wiring' })
    expect(isLeft).toBe(true)
  })

  test('that the operator has later ends the job', async () => {
    const pipeline = new ScriptedSource<number>().values.pipe(
      assignTimestamps((n) => n, monotonous()),
      lift(timeout(1)),
    )
    expect(await failureOf(run(pipeline, () => {}).done)).toMatchObject({ code: 'callback', operator: 'lift' })
  })

  test('is a retraction', async () => {
    const retraction = from([event(1, 1, 'a', -1)]) as unknown as Observable<Keyed>
    expect(await failureOf(collect(retraction.pipe(lift(rxMap((n) => n)))))).toMatchObject({
      code: 'unsupported',
      message: "lift: expected insertions only, got a retraction (key 'a', event time 1)",
    })
  })
})

test('a value that is fed back amid another keeps both their times', async () => {
  const numbers = new Subject<number>()
  const taken: unknown[] = []
  const job = run(
    numbers.pipe(
      assignTimestamps((n) => n, monotonous()),
      lift(mergeMap((n) => (n < 10 ? from([n, -n]) : from([n])))),
      tap((element) => {
        if (element.kind === 'event' && element.value === 1) numbers.next(10)
      }),
    ),
    (element) => {
      if (element.kind === 'event') taken.push([element.value, element.time])
    },
  )
  await turns()
  numbers.next(1)
  numbers.complete()
  await job.done
  expect(taken).toEqual([
    [10, 10],
    [1, 1],
    [-1, 1],
  ])
})
