import { from, of, Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { sum } from '../lib/aggregates/sum.ts'
import { balances } from '../lib/counters.ts'
import { event, idle, watermark } from '../lib/element.ts'
import { CountedNumbers } from '../lib/fixtures/counted-numbers.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { RecordingSink } from '../lib/fixtures/recording-sink.ts'
import { ScriptedSource } from '../lib/fixtures/scripted-source.ts'
import { Service } from '../lib/fixtures/service.ts'
import { turns } from '../lib/fixtures/turns.ts'
import { route, run } from '../lib/run.ts'
import { monotonous } from '../lib/watermarks/monotonous.ts'
import { tumbling } from '../lib/windows/tumbling.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { collect } from '../testing/collect.ts'
import { runMarbles } from '../testing/run-marbles.ts'
import {
  assignTimestamps,
  type AsyncFailure,
  flatMap,
  keyBy,
  mapAsync,
  type MapAsyncOptions,
  merge,
  values,
  window,
} from './index.ts'
import { type Numbers, timestamps, pushing } from '../lib/fixtures/asked-service.ts'

describe.each(['ordered', 'unordered'] as const)('%s', (order) => {
  test('keeps times and keys; watermarks, idleness and the end go on in their place', async () => {
    const { actual, expected } = await runMarbles<number>(
      `
      in   2@1  x:3@4  ~5  4@3  idle  5@6   ~8  |
      out  4@1  x:9@4  ~5  16@3 idle  25@6  ~8  |
      `,
      ({ in: numbers }) => ({ out: numbers.pipe(mapAsync(async (n) => n * n, { order })) }),
    )
    expect(actual).toBe(expected)
  })

  test('keeps panes', async () => {
    const pane = {
      window: { start: 0, end: 5 },
      timing: 'on-time',
      index: 0,
      nonSpeculativeIndex: 0,
      isFirst: true,
      isLast: true,
    } as const
    const stream = of(event(1, 4, 'x', 1, pane)).pipe(mapAsync(async (n) => n + 1, { order }))
    expect(await collect(stream)).toEqual([event(2, 4, 'x', 1, pane), watermark(Infinity)])
  })

  test('a watermark waits for what came before it, and nothing falls behind it', async () => {
    const { input, service, sink } = pushing({ order })
    await turns(2)
    for (const element of [event(1, 1), watermark(2), event(3, 3), watermark(4), watermark(5)]) input.next(element)
    service.answer(3, 'three')
    await turns(4)
    expect(sink.values).toEqual([])
    service.answer(1, 'one')
    await turns(4)
    expect(sink.values).toEqual([event('one', 1), watermark(2), event('three', 3), watermark(5)])
  })

  test('idleness waits, too, and an event makes the stream active again before it is answered', async () => {
    const [input, other] = [new Subject<Numbers>(), new Subject<Numbers>()]
    const service = new Service<number>()
    const sink = new RecordingSink<Numbers>()
    run(merge(input.pipe(mapAsync(service.ask, { order })), other), sink)
    await turns(2)
    other.next(watermark(5))
    for (const element of [event(1, 1), watermark(5), idle]) input.next(element)
    await turns(2)
    expect(sink.values).toEqual([])
    service.answer(1, 1)
    await turns(2)
    expect(sink.values).toEqual([event(1, 1), watermark(5)])
    input.next(event(6, 6))
    other.next(watermark(8))
    await turns(2)
    service.answer(6, 6)
    await turns(2)
    input.next(watermark(7))
    await turns(2)
    expect(sink.values.slice(2)).toEqual([event(6, 6), watermark(7)])
  })

  test('a drained job waits for the answers', async () => {
    const source = new ScriptedSource<number>().give(1, 2)
    const service = new Service<number>()
    const sink = new RecordingSink<number>()
    const job = run(source.values.pipe(timestamps, mapAsync(service.ask, { order }), values()), sink)
    await turns()
    const drained = job.drain()
    await turns()
    expect(sink.calls).toEqual([])
    service.answer(1, 10)
    await turns()
    expect(sink.calls).toEqual(['write'])
    service.answer(2, 20)
    await drained
    expect(sink.values).toEqual([10, 20])
    expect(sink.calls.at(-1)).toBe('end')
  })

  test('asks about so many at a time, and pulls nothing meanwhile', async () => {
    const numbers = new CountedNumbers(1_000)
    const service = new Service<number>()
    const sink = new RecordingSink<number>()
    const chunkSize = 8
    const stream = fromIterable(numbers, { chunkSize }).pipe(timestamps, mapAsync(service.ask, { capacity: 3, order }))
    const job = run(stream.pipe(values()), sink)
    for (let answered = 0; answered < 1_000; answered++) {
      await turns(3)
      // One chunk is under way, the next has been read ahead.
      expect(numbers.pulled).toBeLessThanOrEqual(answered + 3 + 2 * chunkSize)
      const [first = Number.NaN] = service.open
      service.answer(first, first)
    }
    await job.done
    expect(service.most).toBe(3)
    expect(sink.values).toEqual(Array.from({ length: 1_000 }, (_, i) => service.calls[i]?.value))
  })

  test('windows in front of it wait with their results', async () => {
    const keys = 2_000
    let open = 0
    let most = 0
    const stream = fromIterable(Array.from({ length: keys }, (_, i) => i)).pipe(
      assignTimestamps(() => 0, monotonous()),
      keyBy((n) => n),
      window(tumbling(10), sum()),
      mapAsync(
        async (n) => {
          open += 1
          most = Math.max(most, open)
          await turns(40)
          open -= 1
          return n
        },
        { capacity: 50, order },
      ),
      keyBy((n) => n % 2),
      window(tumbling(10), sum()),
      mapAsync(async (n) => n, { capacity: 1, order }),
      values(),
    )
    // Far less may wait than there are results.
    const sink = new RecordingSink<number>()
    const { balanced } = await run(stream, sink, { bufferLimit: 10, batchSize: 4 }).done
    expect(sink.values).toEqual([999_000, 1_000_000])
    expect(most).toBe(50)
    expect(balanced).toBe(true)
  })
})

test('in order, a result waits for those before it', async () => {
  const { input, service, sink } = pushing()
  await turns(2)
  for (const n of [1, 2, 3]) input.next(event(n, n))
  service.answer(3, 'three')
  service.answer(2, 'two')
  await turns(4)
  expect(sink.values).toEqual([])
  service.answer(1, 'one')
  await turns(4)
  expect(sink.values).toEqual([event('one', 1), event('two', 2), event('three', 3)])
})

test('in order, an answer that waits takes up room', async () => {
  const { input, service } = pushing({ capacity: 2 })
  await turns(2)
  for (const n of [1, 2, 3]) input.next(event(n, n))
  service.answer(2, 'two')
  await turns(4)
  expect(service.open).toEqual([1])
  service.answer(1, 'one')
  await turns(4)
  expect(service.open).toEqual([3])
})

test('unordered, results leave as they come', async () => {
  const { input, service, sink } = pushing({ order: 'unordered' })
  await turns(2)
  for (const n of [1, 2, 3]) input.next(event(n, n))
  service.answer(3, 'three')
  service.answer(1, 'one')
  await turns(4)
  service.answer(2, 'two')
  await turns(4)
  expect(sink.values).toEqual([event('three', 3), event('one', 1), event('two', 2)])
})

test('the ledger balances at every moment', async () => {
  let looks = 0
  const look = (): void => {
    looks += 1
    // At work, the operators behind it have not found a place for what they have at hand.
    expect(
      job
        .metrics()
        .operators.filter(({ name }) => name === 'mapAsync')
        .every(balances),
    ).toBe(true)
  }
  const errors = sideOutput<AsyncFailure<number>>('failed')
  const stream = fromIterable(Array.from({ length: 50 }, (_, i) => i)).pipe(
    timestamps,
    mapAsync(
      async (n) => {
        look()
        await turns(n % 3)
        look()
        if (n % 5 === 0) throw new Error('boom')
        return n
      },
      { capacity: 4, order: 'unordered', retry: { attempts: 2 }, errors },
    ),
    flatMap((n) => {
      look()
      return [n]
    }),
    values(),
  )
  const job = run([route(stream, look), route(errors, look)])
  const { operators } = await job.done
  expect(operators.find(({ name }) => name === 'mapAsync')).toMatchObject({
    in: 50,
    contributed: 40,
    refused: 10,
    held: 0,
  })
  expect(looks).toBe(2 * 60 + 40 + 40 + 10)
})

test('refuses what takes back', async () => {
  const taken = from([event(1, 1, undefined, -1)]) as unknown as Subject<Numbers>
  expect(await failureOf(collect(taken.pipe(mapAsync(async (n) => n))))).toMatchObject({ code: 'unsupported' })
})

test.each<[MapAsyncOptions<number, undefined, undefined>, string]>([
  [{ capacity: 0 }, 'mapAsync: capacity must be a whole number > 0, got 0'],
  [{ capacity: 1.5 }, 'mapAsync: capacity must be a whole number > 0, got 1.5'],
  [{ retry: { attempts: 0 } }, 'mapAsync: retry.attempts must be a whole number > 0, got 0'],
  [{ retry: { attempts: 2, backoff: -1 } }, 'mapAsync: retry.backoff must be >= 0, got -1'],
  [{ timeout: 0 }, 'mapAsync: timeout must be > 0, got 0'],
  [{ order: 'sorted' as 'ordered' }, "mapAsync: order must be one of 'ordered', 'unordered', got 'sorted'"],
])('%o is refused', (options, message) => {
  expect(() => mapAsync(async (n: number) => n, options)).toThrow(message)
})
