import { defer, map as rxMap, type Observable, repeat, Subject, take } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { assignTimestamps, keyBy, values, window } from '../../operators/index.ts'
import { sum } from '../aggregates/sum.ts'
import { tumbling } from '../windows/tumbling.ts'
import type { Event } from '../element.ts'
import { alive } from '../fixtures/alive.ts'
import { CountedNumbers } from '../fixtures/counted-numbers.ts'
import { RecordingSink } from '../fixtures/recording-sink.ts'
import { ScriptedSource } from '../fixtures/scripted-source.ts'
import { turns } from '../fixtures/turns.ts'
import { route, run } from '../run.ts'
import { sideOutput } from '../wiring/side-output.ts'
import { monotonous } from '../watermarks/monotonous.ts'

const timestamps = assignTimestamps((n: number) => n, monotonous())

describe('stop', () => {
  test('fires no window; what has left is written; everything is closed', async () => {
    const source = new ScriptedSource<number>().give(1, 2, 11, 12)
    const sink = new RecordingSink<number>()
    const job = run(
      source.values.pipe(
        assignTimestamps((n) => n, monotonous()),
        window(tumbling(10), sum()),
        values(),
      ),
      sink,
    )
    await turns()
    const metrics = await job.stop()
    expect(sink.values).toEqual([3])
    expect(sink.calls).toEqual(['write', 'close'])
    expect(source.closed).toBe(1)
    expect(metrics.operators.find(({ id }) => id === 'window')).toMatchObject({ in: 4, contributed: 2, held: 2 })
    expect(metrics.balanced).toBe(true)
    expect(await job.done).toEqual(metrics)
  })

  test('finishes a firing that has begun', async () => {
    const sink = new RecordingSink<number>()
    const source = new ScriptedSource<number>().give(1, 2, 3, 4, 5, 11)
    const job = run(
      source.values.pipe(
        assignTimestamps((n) => n, monotonous()),
        keyBy((n) => n),
        window(tumbling(10), sum()),
        values(),
      ),
      {
        name: 'stopping',
        write(batch) {
          void sink.write(batch)
          void job.stop()
        },
      },
      { batchSize: 2 },
    )
    await job.done
    expect(sink.values).toEqual([1, 2, 3, 4, 5])
  })

  test('before the job has begun reads nothing', async () => {
    const source = new ScriptedSource<number>().give(1)
    const sink = new RecordingSink<number>()
    await run(source.values, sink).stop()
    expect([source.opened, source.reads, source.closed]).toEqual([1, 0, 1])
    expect(sink.calls).toEqual(['close'])
  })

  test('twice, or when the job is over, is the same as once', async () => {
    const source = new ScriptedSource<number>()
    const job = run(source.values, () => {})
    const [one, two] = await Promise.all([job.stop(), job.stop()])
    expect(one).toEqual(two)
    expect(await job.stop()).toEqual(one)
    expect(await job.drain()).toEqual(one)
    expect(source.closed).toBe(1)
  })

  test('lets a busy sink finish its batch first, and takes nothing from what pushes meanwhile', async () => {
    const numbers = new Subject<number>()
    const taken: number[] = []
    let release = (): void => {}
    const job = run(numbers, async (n) => {
      taken.push(n)
      await new Promise<void>((resolve) => (release = resolve))
    })
    await turns()
    numbers.next(1)
    await turns()
    numbers.next(2)
    const stopped = job.stop()
    numbers.next(3)
    release()
    await turns()
    release()
    await stopped
    // 2 had been taken before the stop, 3 came after it.
    expect(taken).toEqual([1, 2])
    expect(numbers.observed).toBe(false)
  })

  test('while one of two sinks is busy still writes what has left to the other', async () => {
    const numbers = new Subject<number>()
    const one = new RecordingSink<number>()
    let release = (): void => {}
    const busy = async (): Promise<void> => new Promise<void>((resolve) => (release = resolve))
    const job = run([route(numbers, one), route(numbers, busy)])
    await turns()
    numbers.next(1)
    await turns()
    numbers.next(2)
    const stopped = job.stop()
    release()
    await turns()
    release()
    await stopped
    expect(one.values).toEqual([1, 2])
  })
})

describe('drain', () => {
  test('reads no more, and fires the windows', async () => {
    const source = new ScriptedSource<number>().give(1, 2, 11, 12)
    const sink = new RecordingSink<number>()
    const job = run(
      source.values.pipe(
        assignTimestamps((n) => n, monotonous()),
        window(tumbling(10), sum()),
        values(),
      ),
      sink,
    )
    await turns()
    const metrics = await job.drain()
    expect(sink.values).toEqual([3, 23])
    expect(sink.calls.at(-1)).toBe('end')
    expect(source.closed).toBe(1)
    expect(metrics.operators.find(({ id }) => id === 'window')).toMatchObject({ in: 4, contributed: 4, held: 0 })
  })

  test('processes what has been read, in every source', async () => {
    const numbers = new CountedNumbers()
    const taken: number[] = []
    const job = run(fromIterable(numbers, { chunkSize: 10 }), async (n) => {
      taken.push(n)
      if (n === 5) void job.drain()
      await turns(1)
    })
    await job.done
    expect(taken).toHaveLength(numbers.pulled)
    expect(numbers.closed).toBe(1)
  })

  test('leaves out what a read under way answers later', async () => {
    const source = new ScriptedSource<number>().give(1)
    const taken: number[] = []
    let release = (): void => {}
    const job = run(source.values, async (n) => {
      taken.push(n)
      await new Promise<void>((resolve) => (release = resolve))
    })
    await turns()
    const drained = job.drain()
    source.give(2)
    await turns()
    release()
    await drained
    expect(taken).toEqual([1])
  })

  test('before the job has begun ends it without results', async () => {
    const source = new ScriptedSource<number>().give(1)
    const sink = new RecordingSink<number>()
    await run(source.values, sink).drain()
    expect(sink.calls).toEqual(['end'])
    expect(source.closed).toBe(1)
  })

  test('after stop has no effect; stop after drain stops', async () => {
    const source = new ScriptedSource<number>().give(1)
    const sink = new RecordingSink<number>()
    const job = run(
      source.values.pipe(
        assignTimestamps((n) => n, monotonous()),
        window(tumbling(10), sum()),
        values(),
      ),
      sink,
    )
    await turns()
    void job.stop()
    await job.drain()
    expect(sink.calls).toEqual(['close'])
  })
})

describe('a job that lives long', () => {
  const rounds = 5_000

  test('keeps nothing of the operators, side outputs and subscriptions that come and go in it', async () => {
    const late = sideOutput<Event<number, undefined, undefined>>('late')
    const refs: WeakRef<object>[] = []
    let round = 0
    const connection = defer(() => {
      const numbers = [10, 1, 25]
      round += 1
      if (round % 100 === 0) refs.push(new WeakRef(numbers))
      return fromIterable(numbers).pipe(
        rxMap((n) => n),
        assignTimestamps((n) => n, monotonous({ idleTimeout: '1h' }), { id: 'hits' }),
        window(tumbling(10), sum(), { late, id: 'sums' }),
        values(),
        // Torn down amid a firing.
        take(round % 2 === 0 ? 1 : 2),
      )
    })
    let lateOnes = 0
    let held = 0
    let mostOperators = 0
    const job = run([
      route(connection.pipe(repeat(rounds)), async () => {
        mostOperators = Math.max(mostOperators, job.metrics().operators.length)
        if (round === rounds) held = await alive(refs)
      }),
      route(late.pipe(values()), () => {
        lateOnes += 1
      }),
    ])
    const metrics = await job.done
    expect(mostOperators).toBe(2)
    expect(held).toBeLessThanOrEqual(1)
    expect(lateOnes).toBe(rounds)
    expect(metrics.balanced).toBe(true)
    expect(metrics.operators.map(({ id, in: came }) => [id, came])).toEqual([
      ['hits', 3 * rounds],
      ['sums', 3 * rounds],
    ])
  })

  test('does not grow by those who listen to a side output for a while', async () => {
    const late = sideOutput<Event<number, undefined, undefined>>('late')
    const source = new ScriptedSource<number>()
    const job = run(source.values.pipe(timestamps, window(tumbling(10), sum(), { late }), values()), () => {})
    const waiting = sideOutput<number>('waiting')
    const refs: WeakRef<object>[] = []
    const listen = (output: Observable<unknown>): void => {
      const subscription = output.subscribe()
      refs.push(new WeakRef(subscription))
      subscription.unsubscribe()
    }
    await turns()
    for (let i = 0; i < 1_000; i++) {
      listen(late)
      listen(waiting)
    }
    expect(await alive(refs)).toBeLessThan(20)
    await job.stop()
  })
})
