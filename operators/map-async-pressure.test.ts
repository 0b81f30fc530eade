// What is in front of mapAsync is held back while it is full, and what is behind it goes on.
import { type Observable, Subject, take, takeUntil } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { sum } from '../lib/aggregates/sum.ts'
import { VirtualClock } from '../lib/clock.ts'
import { type Element, event, idle, watermark } from '../lib/element.ts'
import { CountedNumbers } from '../lib/fixtures/counted-numbers.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { RecordingSink } from '../lib/fixtures/recording-sink.ts'
import { ScriptedSource } from '../lib/fixtures/scripted-source.ts'
import { Service } from '../lib/fixtures/service.ts'
import { turns } from '../lib/fixtures/turns.ts'
import { route, run } from '../lib/run.ts'
import { afterProcessingTime } from '../lib/triggers/after-processing-time.ts'
import { afterWatermark } from '../lib/triggers/after-watermark.ts'
import { boundedOutOfOrderness } from '../lib/watermarks/bounded-out-of-orderness.ts'
import { monotonous } from '../lib/watermarks/monotonous.ts'
import { tumbling } from '../lib/windows/tumbling.ts'
import { collect } from '../testing/collect.ts'
import { assignTimestamps, flatMap, keyBy, mapAsync, values, window } from './index.ts'
import { timestamps, pushing, ledgerOf } from '../lib/fixtures/asked-service.ts'

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
