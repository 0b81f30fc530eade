import { from, type Observable, of, Subject, type Subscription, take, takeUntil } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { sum } from '../lib/aggregates/sum.ts'
import { VirtualClock } from '../lib/clock.ts'
import { balances } from '../lib/counters.ts'
import { type Element, event, idle, watermark } from '../lib/element.ts'
import { CountedNumbers } from '../lib/fixtures/counted-numbers.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { RecordingSink } from '../lib/fixtures/recording-sink.ts'
import { ScriptedSource } from '../lib/fixtures/scripted-source.ts'
import { Service } from '../lib/fixtures/service.ts'
import { turns } from '../lib/fixtures/turns.ts'
import { unhandledRejections } from '../lib/fixtures/unhandled-rejections.ts'
import { route, run, type RunningJob, type RunOptions } from '../lib/run.ts'
import { afterProcessingTime } from '../lib/triggers/after-processing-time.ts'
import { afterWatermark } from '../lib/triggers/after-watermark.ts'
import { boundedOutOfOrderness } from '../lib/watermarks/bounded-out-of-orderness.ts'
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

type Numbers = Element<number, string | undefined, undefined>
type Failures = AsyncFailure<number, string | undefined>

const timestamps = assignTimestamps((n: number) => n, monotonous())

/** What is asked of a service that a test answers for, over a stream that a test pushes. */
function pushing(
  options: MapAsyncOptions<number, string | undefined, undefined> = {},
  jobOptions: RunOptions = {},
): {
  readonly input: Subject<Numbers>
  readonly service: Service<number, string>
  readonly sink: RecordingSink<Element<string, string | undefined, undefined>>
  readonly job: RunningJob
} {
  const input = new Subject<Numbers>()
  const service = new Service<number, string>()
  const sink = new RecordingSink<Element<string, string | undefined, undefined>>()
  const job = run(input.pipe(mapAsync(service.ask, options)), sink, jobOptions)
  return { input, service, sink, job }
}

function ledgerOf(job: RunningJob): object {
  const { operators, balanced } = job.metrics()
  const operator = operators.find(({ name }) => name === 'mapAsync')
  return {
    in: operator?.in,
    contributed: operator?.contributed,
    refused: operator?.refused,
    held: operator?.held,
    balanced,
  }
}

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

test('a large firing behind it leaves in slices, and what has been answered meanwhile waits for it', async () => {
  const keys = 2_000
  const times = [...Array.from({ length: keys }, () => 0), ...Array.from({ length: 50 }, (_, i) => 100 + i)]
  const stream = fromIterable(times.entries()).pipe(
    assignTimestamps(([, time]) => time, monotonous()),
    keyBy(([n]) => n),
    mapAsync(async ([n]) => n, { capacity: 40 }),
    window(tumbling(10), sum()),
    values(),
  )
  const { sinks } = await run(stream, async () => turns(1), { batchSize: 100 }).done
  expect(sinks[0]).toMatchObject({ written: keys + 50, mostBuffered: 100 })
})

test('what is answered at once leaves in slices', async () => {
  const stream = fromIterable(new CountedNumbers(1_000)).pipe(
    timestamps,
    mapAsync(async (n) => n, { capacity: 500 }),
    values(),
  )
  const { sinks } = await run(stream, async () => turns(1), { batchSize: 10 }).done
  expect(sinks[0]?.written).toBe(1_000)
  expect(sinks[0]?.mostBuffered).toBeLessThanOrEqual(10)
})

/** One event in the first ten, 50 keys in the second, and what completes both; a step of the clock is between them. */
function twoWindows(service: Service<number>): Observable<number> {
  const times = [1, ...Array.from({ length: 50 }, () => 12), 30]
  return fromIterable(times.entries()).pipe(
    assignTimestamps(([, time]) => time, monotonous()),
    keyBy(([n]) => n),
    window(
      tumbling(10),
      sum(([n]) => n),
      { trigger: afterWatermark({ early: afterProcessingTime(5) }) },
    ),
    mapAsync(service.ask, { capacity: 2 }),
    window(tumbling(10), sum()),
    values(),
  )
}

test('what is behind it goes on while what is in front of it is held back', async () => {
  const service = new Service<number>()
  const sink = new RecordingSink<number>()
  run(twoWindows(service), sink, { clock: new VirtualClock() })
  await turns()
  expect(service.open).toEqual([0, 1])
  service.answer(0, 100)
  await turns()
  expect(service.open).toEqual([1, 2])
  expect(sink.values).toEqual([100])
})

test('no timer fires while what is in front of it is held back, but those of the calls', async () => {
  const clock = new VirtualClock()
  const service = new Service<number>()
  const sink = new RecordingSink<number>()
  const job = run(twoWindows(service), sink, { clock, bufferLimit: 10 })
  await turns()
  clock.advanceTo(10)
  await turns()
  while (service.open.length > 0) {
    const [first = Number.NaN] = service.open
    service.answer(first, 1)
    await turns(4)
  }
  await job.done
  expect(service.most).toBe(2)
  // The last window alone is not complete when the timers may fire, and gives an early result.
  expect(sink.values.reduce((total, n) => total + n, 0)).toBe(53)
})

test('one that is torn down while it is full holds back nothing', async () => {
  const [off, service] = [new Subject<void>(), new Service<number>()]
  const taken: number[] = []
  const stream = fromIterable([1, 2, 3]).pipe(timestamps, mapAsync(service.ask, { capacity: 1 }), takeUntil(off))
  const others = fromIterable([1, 2, 3], { chunkSize: 1 })
  const job = run([route(stream, () => {}), route(others, (n) => void taken.push(n))])
  await turns()
  expect(taken.length).toBeLessThan(3)
  off.next()
  await job.done
  expect(taken).toEqual([1, 2, 3])
  expect(service.calls.map(({ signal }) => signal.aborted)).toEqual([true])
})

test('one that is torn down by a result of its own asks about nothing more', async () => {
  const input = new Subject<number>()
  const service = new Service<number>()
  const taken: number[] = []
  const stream = input.pipe(timestamps, mapAsync(service.ask, { capacity: 2, order: 'unordered' }), values(), take(1))
  const others = new ScriptedSource<number>()
  const job = run([route(stream, () => {}), route(others.values, (n) => void taken.push(n))])
  await turns(2)
  for (const n of [1, 2, 3, 4]) input.next(n)
  service.answer(1, 1)
  service.answer(2, 2)
  await turns(4)
  others.give(5).end()
  const { operators, balanced } = await job.done
  expect(taken).toEqual([5])
  expect(operators.find(({ name }) => name === 'mapAsync')).toMatchObject({ in: 4, contributed: 1, held: 3 })
  expect(service.calls.map(({ value }) => value)).toEqual([1, 2])
  expect(balanced).toBe(true)
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

describe('what pushes', () => {
  test('waits while it is full, in the order of arrival', async () => {
    const { input, service, job } = pushing({ capacity: 2, order: 'unordered' })
    await turns(2)
    for (const n of [1, 2, 3, 4, 5]) input.next(event(n, n))
    expect(service.open).toEqual([1, 2])
    expect(ledgerOf(job)).toEqual({ in: 5, contributed: 0, refused: 0, held: 5, balanced: true })
    service.answer(2, '')
    await turns(4)
    expect(service.open).toEqual([1, 3])
    expect(ledgerOf(job)).toEqual({ in: 5, contributed: 1, refused: 0, held: 4, balanced: true })
  })

  test('is an overflow when more waits than may', async () => {
    const { input, job } = pushing({ capacity: 2 }, { bufferLimit: 3 })
    await turns(2)
    for (const n of [1, 2, 3, 4, 5]) input.next(event(n, n))
    expect(job.metrics().balanced).toBe(true)
    input.next(event(6, 6))
    expect(await failureOf(job.done)).toMatchObject({
      code: 'overflow',
      operator: 'mapAsync',
      message:
        "mapAsync: expected at most 3 events to wait for a call, got more from a source that can't be held back; " +
        "read it through an adapter, or raise 'bufferLimit' (event time 6)",
    })
  })
})

test('what flatMap makes of one event waits, and the source behind it', async () => {
  const numbers = new CountedNumbers(50)
  let open = 0
  const stream = fromIterable(numbers, { chunkSize: 1 }).pipe(
    timestamps,
    flatMap((n) => [n, n, n, n]),
    mapAsync(
      async (n) => {
        open += 1
        expect(open).toBeLessThanOrEqual(2)
        await turns(1)
        open -= 1
        return n
      },
      { capacity: 2 },
    ),
    values(),
  )
  expect(await collect(stream, { bufferLimit: 100 })).toHaveLength(200)
})

describe('a failed call', () => {
  test('without an output is an error of the job, with key and time, behind the results before it', async () => {
    const { input, service, sink, job } = pushing()
    const failure = failureOf(job.done)
    await turns(2)
    for (const element of [event(1, 1), event(2, 2, 'x'), event(3, 3)]) input.next(element)
    service.fail(2, new Error('boom'))
    await turns(4)
    service.answer(1, 'one')
    expect(await failure).toMatchObject({
      code: 'callback',
      operator: 'mapAsync',
      key: 'x',
      time: 2,
      message: "mapAsync: boom (key 'x', event time 2)",
      cause: new Error('boom'),
    })
    expect(sink.values).toEqual([event('one', 1)])
    expect(service.calls.map(({ signal }) => signal.aborted)).toEqual([false, false, true])
    expect(service.open).toEqual([])
  })

  test('goes to the output, in its place, and is counted as refused', async () => {
    const errors = sideOutput<Failures>('failed')
    const input = new Subject<Numbers>()
    const service = new Service<number>()
    const taken: unknown[] = []
    const failed: Failures[] = []
    const stream = input.pipe(mapAsync(service.ask, { errors, id: 'ask' }))
    const job = run([
      route(stream, (element) => void taken.push(element)),
      route(errors, (failure) => void failed.push(failure)),
    ])
    await turns(2)
    for (const element of [event(1, 1), event(2, 2, 'x'), watermark(3)]) input.next(element)
    service.fail(2, 'boom')
    await turns(4)
    expect(failed).toEqual([])
    input.complete()
    service.answer(1, 10)
    const { operators, balanced } = await job.done
    expect(taken).toEqual([event(10, 1), watermark(Infinity)])
    expect(failed).toEqual([{ event: event(2, 2, 'x'), error: 'boom', attempts: 1 }])
    expect(operators).toEqual([expect.objectContaining({ id: 'ask', in: 2, contributed: 1, refused: 1, held: 0 })])
    expect(balanced).toBe(true)
  })

  test('may throw in place of rejecting', async () => {
    const stream = of(event(1, 5)).pipe(
      mapAsync(() => {
        throw new Error('at once')
      }),
    )
    expect(await failureOf(collect(stream))).toMatchObject({
      code: 'callback',
      message: 'mapAsync: at once (event time 5)',
    })
  })
})

describe('timeout and retry', () => {
  test('an attempt that is too slow is aborted and fails; what it comes to then is of no interest', async () => {
    const clock = new VirtualClock()
    const errors = sideOutput<Failures>('failed')
    const failed: Failures[] = []
    errors.subscribe((failure) => failed.push(failure))
    const { input, service, sink } = pushing({ timeout: 10, errors }, { clock })
    await turns(2)
    input.next(event(1, 1))
    clock.advanceTo(4)
    input.next(event(2, 2))
    clock.advanceTo(9)
    service.answer(2, 'two')
    await turns(4)
    expect(service.calls.map(({ signal }) => signal.aborted)).toEqual([false, false])
    clock.advanceTo(10)
    await turns(4)
    expect(service.calls.map(({ signal }) => signal.aborted)).toEqual([true, false])
    expect(sink.values).toEqual([event('two', 2)])
    expect(failed).toMatchObject([
      {
        event: event(1, 1),
        error: { code: 'callback', message: 'expected an answer within 10ms, got none' },
        attempts: 1,
      },
    ])
  })

  test('as an error of the job it names the operator, key and time', async () => {
    const clock = new VirtualClock()
    const { input, job } = pushing({ timeout: '1s' }, { clock })
    await turns(2)
    input.next(event(1, 7, 'x'))
    clock.advanceTo(1_000)
    expect(await failureOf(job.done)).toMatchObject({
      code: 'callback',
      key: 'x',
      time: 7,
      message: "mapAsync: expected an answer within 1s, got none (key 'x', event time 7)",
    })
  })

  test('asks again after a pause, so many times in all; its place is kept', async () => {
    const clock = new VirtualClock()
    const pauses: number[] = []
    const backoff = (attempts: number): number => {
      pauses.push(attempts)
      return attempts * 10
    }
    const { input, service, sink, job } = pushing(
      { capacity: 2, timeout: 5, retry: { attempts: 3, backoff } },
      { clock },
    )
    await turns(2)
    for (const n of [1, 2, 3]) input.next(event(n, n))
    service.answer(2, 'two')
    service.fail(1, new Error('first'))
    await turns(4)
    clock.advanceTo(9)
    expect(service.open).toEqual([])
    clock.advanceTo(10)
    expect(service.open).toEqual([1])
    clock.advanceTo(15)
    expect(service.open).toEqual([])
    clock.advanceTo(34)
    expect(service.open).toEqual([])
    clock.advanceTo(35)
    expect(service.open).toEqual([1])
    expect(ledgerOf(job)).toMatchObject({ in: 3, held: 3, balanced: true })
    service.answer(1, 'one')
    await turns(4)
    expect(sink.values).toEqual([event('one', 1), event('two', 2)])
    expect(pauses).toEqual([1, 2])
    expect(service.open).toEqual([3])
  })

  test('without a pause asks again at once, and gives up with the last error', async () => {
    const errors = sideOutput<AsyncFailure<number>>('failed')
    let asked = 0
    const failed: unknown[] = []
    const stream = of(event(1, 1)).pipe(
      mapAsync(
        async () => {
          asked += 1
          throw new Error(`attempt ${asked}`)
        },
        { retry: { attempts: 3 }, errors },
      ),
    )
    await run([route(stream, () => {}), route(errors, (failure) => void failed.push(failure))]).done
    expect(failed).toEqual([{ event: event(1, 1), error: new Error('attempt 3'), attempts: 3 }])
  })

  test.each([
    ['throws', 'callback', 'mapAsync: no idea (event time 1)'],
    [
      'gives no duration',
      'invalid-duration',
      'mapAsync: mapAsync: retry.backoff: expected a whole number of milliseconds',
    ],
  ])('a backoff that %s is an error of the job', async (how, code, message) => {
    const backoff = (): number => {
      if (how === 'throws') throw new Error('no idea')
      return Number.NaN
    }
    const stream = of(event(1, 1)).pipe(
      mapAsync(async () => Promise.reject(new Error('boom')), { retry: { attempts: 2, backoff } }),
    )
    const failure = await failureOf(collect(stream))
    expect(failure).toMatchObject({ code, time: 1 })
    expect(String(failure)).toContain(message)
  })
})

describe('before the end', () => {
  test('stop aborts what is under way, and hands nothing on', async () => {
    const clock = new VirtualClock()
    const { input, service, sink, job } = pushing(
      { capacity: 2, timeout: 10, retry: { attempts: 9, backoff: 5 } },
      { clock },
    )
    const reasons = await unhandledRejections(async () => {
      await turns(2)
      for (const n of [1, 2, 3]) input.next(event(n, n))
      service.fail(1, new Error('boom'))
      await turns(4)
      await job.stop()
      clock.advanceTo(100)
      await turns(4)
    })
    expect(reasons).toEqual([])
    expect(service.calls.map(({ value, signal }) => [value, signal.aborted])).toEqual([
      [1, false],
      [2, true],
    ])
    expect(sink.values).toEqual([])
    expect(ledgerOf(job)).toEqual({ in: 3, contributed: 0, refused: 0, held: 3, balanced: true })
  })

  test('stop does not wait for a window that is held back', async () => {
    const service = new Service<number>()
    const stream = fromIterable([1, 2, 3, 4]).pipe(
      assignTimestamps(() => 0, monotonous()),
      keyBy((n) => n),
      window(tumbling(10), sum()),
      mapAsync(service.ask, { capacity: 2 }),
      values(),
    )
    const job = run(stream, () => {})
    await turns()
    expect(service.open).toEqual([1, 2])
    const { balanced, operators } = await job.stop()
    expect(balanced).toBe(true)
    expect(operators.find(({ name }) => name === 'window')).toMatchObject({ in: 4, out: 2 })
    expect(service.calls.map(({ signal }) => signal.aborted)).toEqual([true, true])
  })

  test('unsubscribing aborts what is under way', async () => {
    const service = new Service<number>()
    const subscription: Subscription = from([event(1, 1), event(2, 2)])
      .pipe(mapAsync(service.ask, { capacity: 1 }))
      .subscribe()
    await turns(2)
    subscription.unsubscribe()
    await turns(2)
    expect(service.calls.map(({ value, signal }) => [value, signal.aborted])).toEqual([[1, true]])
  })

  test('an error elsewhere aborts what is under way', async () => {
    const { input, service, job } = pushing()
    const failure = failureOf(job.done)
    await turns(2)
    input.next(event(1, 1))
    input.error(new Error('boom'))
    await failure
    expect(service.calls[0]?.signal.aborted).toBe(true)
  })
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

test('silence does not count while it is full, because nothing is pulled', async () => {
  const clock = new VirtualClock()
  const service = new Service<number>()
  const source = new ScriptedSource<number>().give(1)
  const sink = new RecordingSink<Element<number, undefined, undefined>>()
  const stream = source.values.pipe(
    assignTimestamps((n) => n, boundedOutOfOrderness(0, { idleTimeout: 10 })),
    mapAsync(service.ask, { capacity: 1 }),
  )
  run(stream, sink, { clock })
  await turns()
  clock.advanceTo(100)
  await turns()
  service.answer(1, 1)
  await turns()
  expect(sink.values).toEqual([event(1, 1), watermark(1)])
  clock.advanceTo(110)
  await turns()
  expect(sink.values.at(-1)).toEqual(idle)
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
