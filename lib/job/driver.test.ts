import { type Observable, Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { assignTimestamps, filter, flatMap, keyBy, map, merge, panes, values, window } from '../../operators/index.ts'
import { type Clock, realClock } from '../clock.ts'
import type { Element } from '../element.ts'
import { count } from '../aggregates/count.ts'
import { sum } from '../aggregates/sum.ts'
import { tumbling } from '../windows/tumbling.ts'
import { CountedNumbers } from '../fixtures/counted-numbers.ts'
import { failureOf } from '../fixtures/failure.ts'
import { RecordingSink } from '../fixtures/recording-sink.ts'
import { turns } from '../fixtures/turns.ts'
import { route, run, type RunOptions } from '../run.ts'
import type { Sink } from '../sink.ts'
import { monotonous } from '../watermarks/monotonous.ts'
import { punctuated } from '../watermarks/punctuated.ts'

describe('a slow sink', () => {
  test('holds back the source: of 20,000 values at most two chunks are in flight', async () => {
    const numbers = new CountedNumbers(20_000)
    const chunkSize = 64
    let written = 0
    let most = 0
    const slow = async (): Promise<void> => {
      if (written % 50 === 0) await turns(1)
      most = Math.max(most, numbers.pulled - written)
      written += 1
    }
    const source = fromIterable(numbers, { chunkSize })
    const metrics = await run(
      source.pipe(
        assignTimestamps((n) => n, monotonous()),
        values(),
      ),
      slow,
    ).done
    expect(written).toBe(20_000)
    // One chunk is being written, the next has been read ahead.
    expect(most).toBe(2 * chunkSize)
    expect(metrics.sinks[0]?.mostBuffered).toBe(chunkSize)
  })

  test('of 1 ms a result keeps as little in flight', async () => {
    const numbers = new CountedNumbers(200)
    let written = 0
    let most = 0
    const slow = async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 1))
      most = Math.max(most, numbers.pulled - written)
      written += 1
    }
    await run(fromIterable(numbers, { chunkSize: 16 }), slow).done
    expect(written).toBe(200)
    expect(most).toBe(32)
  })

  test('among others holds back all sources', async () => {
    const numbers = new CountedNumbers(2_000)
    let written = 0
    let most = 0
    const slow = async (): Promise<void> => {
      await turns(1)
      most = Math.max(most, numbers.pulled - written)
    }
    const fast = (): void => {
      written += 1
    }
    await run([
      route(fromIterable(numbers, { chunkSize: 32 }), fast),
      route(fromIterable([1, 2, 3], { chunkSize: 1 }), slow),
    ]).done
    expect(written).toBe(2_000)
    expect(most).toBeLessThanOrEqual(64)
  })
})

describe('one watermark that closes 100,000 windows times keys', () => {
  const keys = 1_000
  const windows = 100
  const hour = 3_600_000

  /** An event for each key and minute of the hour, and then one far ahead, whose watermark closes them all. */
  function* events(): Generator<{ time: number; key: number }> {
    for (let minute = 0; minute < windows; minute++) {
      for (let key = 0; key < keys; key++) yield { time: -minute * 60_000, key }
    }
    yield { time: hour, key: 0 }
  }
  const closing = fromIterable({ [Symbol.iterator]: events }).pipe(
    assignTimestamps(
      ({ time }) => time,
      punctuated((_, time) => (time === hour ? time : undefined)),
    ),
    keyBy(({ key }) => key),
    window(tumbling('1m'), count()),
  )

  /** Runs into a sink that takes its time, and looks at the size of the batches it gets. */
  async function largestBatch<T>(
    pipeline: Observable<T>,
    options: RunOptions,
  ): Promise<{ total: number; largest: number; mostBuffered: number }> {
    let total = 0
    let largest = 0
    const sink: Sink<T> = {
      name: 'slow',
      async write(batch) {
        await turns(1)
        largest = Math.max(largest, batch.length)
        total += batch.length
      },
    }
    const { sinks } = await run(pipeline, sink, options).done
    return { total, largest, mostBuffered: sinks[0]?.mostBuffered ?? Number.NaN }
  }

  test('reaches the sink in batches', async () => {
    const { total, largest, mostBuffered } = await largestBatch(closing.pipe(panes()), { batchSize: 1_000 })
    expect(total).toBe(keys * windows + 1)
    expect(largest).toBe(1_000)
    expect(mostBuffered).toBe(1_000)
  })

  test('reaches the sink in batches through a second window', async () => {
    const twice = closing.pipe(window(tumbling('1m'), sum()), panes())
    const { total, mostBuffered } = await largestBatch(twice, { batchSize: 1_000 })
    expect(total).toBe(keys * windows + 1)
    // That a window closes takes a part of the turn, too.
    expect(mostBuffered).toBe(999)
  })

  test('reaches the sink in batches through flatMap, which adds what it makes of one event', async () => {
    const tripled = closing.pipe(
      flatMap((n) => [n, n, n]),
      values(),
    )
    const { total, mostBuffered } = await largestBatch(tripled, { batchSize: 1_000 })
    expect(total).toBe(3 * (keys * windows + 1))
    expect(mostBuffered).toBeGreaterThanOrEqual(1_000)
    expect(mostBuffered).toBeLessThan(1_000 + 3)
  })
})

describe('two sources that pass each other at every event', () => {
  const side = (first: number): Observable<Element<number>> =>
    fromIterable(Array.from({ length: 1_000 }, (_, i) => 2 * i + first)).pipe(assignTimestamps((n) => n, monotonous()))

  function countingClock(): { readonly clock: Clock; turns(): number } {
    let taken = 0
    const turn = (): Promise<void> => {
      taken += 1
      return realClock.turn()
    }
    return { clock: { ...realClock, turn }, turns: () => taken }
  }

  /** Runs both merged, and counts how often the event loop had a turn meanwhile. */
  async function merged(batchSize: number): Promise<{ values: readonly number[]; turns: number; largest: number }> {
    const { clock, turns: taken } = countingClock()
    const sink = new RecordingSink<number>()
    await run(merge(side(0), side(1)).pipe(values()), sink, { batchSize, clock }).done
    const largest = Math.max(...sink.batches.map(({ length }) => length))
    return { values: sink.values, turns: taken(), largest }
  }

  test('share a turn', async () => {
    const { values, turns: taken } = await merged(1_024)
    expect(values).toEqual(Array.from({ length: 2_000 }, (_, i) => i))
    expect(taken).toBeLessThan(10)
  })

  test('share it as far as the batch allows, also where nothing comes of them', async () => {
    const { clock, turns: taken } = countingClock()
    const none = merge(side(0), side(1)).pipe(
      filter(() => false),
      values(),
    )
    await run(none, () => {}, { batchSize: 10, clock }).done
    expect(taken()).toBeGreaterThanOrEqual(200)
  })

  test('share it as far as the batch allows', async () => {
    const { values, turns: taken, largest } = await merged(10)
    expect(values).toHaveLength(2_000)
    expect(largest).toBeLessThanOrEqual(10)
    expect(taken).toBeGreaterThanOrEqual(200)
  })
})

describe('results that have left before an error are written', () => {
  test.each([1, 2, 1_024])('whatever the size of a batch (%d)', async (batchSize) => {
    const sink = new RecordingSink<number>()
    const pipeline = fromIterable([1, 2, 3, 4, 5]).pipe(
      assignTimestamps((n) => n, monotonous()),
      map((n) => {
        if (n === 4) throw new Error('boom')
        return n
      }),
      values(),
    )
    await failureOf(run(pipeline, sink, { batchSize }).done)
    expect(sink.values).toEqual([1, 2, 3])
    expect(sink.calls.at(-1)).toBe('close')
  })

  test('also when an observable pushes the error', async () => {
    const sink = new RecordingSink<number>()
    const numbers = new Subject<number>()
    const job = run(numbers, sink)
    await turns()
    numbers.next(1)
    numbers.error(new Error('boom'))
    await failureOf(job.done)
    expect(sink.calls).toEqual(['write', 'close'])
    expect(sink.values).toEqual([1])
  })
})
