import { throwError } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { assignTimestamps, keyBy, values, window } from '../operators/index.ts'
import { sum } from './aggregates/sum.ts'
import { tumbling } from './windows/tumbling.ts'
import { TidemarkError } from './errors.ts'
import { CountedNumbers } from './fixtures/counted-numbers.ts'
import { failureOf } from './fixtures/failure.ts'
import { RecordingSink } from './fixtures/recording-sink.ts'
import { ScriptedSource } from './fixtures/scripted-source.ts'
import { turns } from './fixtures/turns.ts'
import { route, run } from './run.ts'
import type { Sink } from './sink.ts'
import { monotonous } from './watermarks/monotonous.ts'

describe('destinations', () => {
  test('a sink gets all batches and then the end, and is not closed on top', async () => {
    const sink = new RecordingSink<number>()
    await run(fromIterable([1, 2, 3], { chunkSize: 2 }), sink).done
    expect(sink.batches).toEqual([[1, 2], [3]])
    expect(sink.calls).toEqual(['write', 'write', 'end'])
  })

  test('without results there is no batch, but an end', async () => {
    const sink = new RecordingSink<number>()
    await run(fromIterable<number>([]), sink).done
    expect(sink.calls).toEqual(['end'])
  })

  test('a sink gets one batch at a time', async () => {
    let atOnce = 0
    let most = 0
    const sink: Sink<number> = {
      name: 'slow',
      async write() {
        most = Math.max(most, ++atOnce)
        await turns(3)
        atOnce -= 1
      },
      async end() {
        most = Math.max(most, ++atOnce)
        await turns(3)
        atOnce -= 1
      },
    }
    await run(fromIterable([1, 2, 3, 4], { chunkSize: 1 }), sink).done
    expect(most).toBe(1)
    expect(atOnce).toBe(0)
  })

  test('a function gets one value at a time', async () => {
    const log: string[] = []
    const take = async (n: number): Promise<void> => {
      log.push(`begin ${n}`)
      await turns(2)
      log.push(`end ${n}`)
    }
    const { sinks } = await run(fromIterable([1, 2]), take).done
    expect(log).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2'])
    expect(sinks).toEqual([{ name: 'take', written: 2, buffered: 0, mostBuffered: 2 }])
  })

  test.each<[unknown, string]>([
    [undefined, 'undefined'],
    [null, 'null'],
    [5, '5'],
    [{}, 'an object'],
    [{ write: 'no function' }, 'an object'],
  ])('%s is refused', (to, shown) => {
    expect(() => run(fromIterable([1]), to as Sink<number>)).toThrow(
      new TidemarkError('invalid-argument', `run: expected a sink or a function, got ${shown}`),
    )
  })

  test('several routes end each at its time, and the job with the last', async () => {
    const first = new ScriptedSource<number>('first')
    const second = new ScriptedSource<number>('second')
    const [one, two] = [new RecordingSink<number>(), new RecordingSink<number>()]
    const job = run([route(first.values, one), route(second.values, two)])
    first.give(1).end()
    await turns()
    expect([one.calls, two.calls]).toEqual([['write', 'end'], []])
    second.give(2).end()
    const metrics = await job.done
    expect([one.values, two.values]).toEqual([[1], [2]])
    expect(metrics.sources.map(({ name, read }) => [name, read])).toEqual([
      ['first', 1],
      ['second', 1],
    ])
  })

  test('without routes there is nothing to wait for', async () => {
    const metrics = await run([]).done
    expect(metrics).toEqual({ sources: [], operators: [], sinks: [], balanced: true })
  })

  test.each([0, -1, 1.5, Number.NaN, Infinity])('a batchSize or bufferLimit of %s is refused', (size) => {
    for (const option of ['batchSize', 'bufferLimit']) {
      expect(() => run(fromIterable([1]), () => {}, { [option]: size })).toThrow(
        new TidemarkError('invalid-argument', `run: ${option} must be a whole number > 0, got ${size}`),
      )
    }
  })

  test('batches of one value each are possible', async () => {
    const sink = new RecordingSink<number>()
    const pipeline = fromIterable([1, 2, 3]).pipe(
      assignTimestamps((n) => n, monotonous()),
      keyBy((n) => n),
      window(tumbling(10), sum()),
      values(),
    )
    await run(pipeline, sink, { batchSize: 1 }).done
    expect(sink.batches).toEqual([[1], [2], [3]])
  })
})

describe('AbortSignal', () => {
  const reason = new Error('enough')

  test('aborted before the start: nothing is read, done rejects with its reason', async () => {
    const source = new ScriptedSource<number>().give(1)
    const sink = new RecordingSink<number>()
    const error = await failureOf(run(source.values, sink, { signal: AbortSignal.abort(reason) }).done)
    expect(error).toBe(reason)
    expect([source.reads, source.closed]).toEqual([0, source.opened])
    expect(sink.calls).toEqual(['close'])
  })

  test('aborted at work: done rejects with its reason, everything is closed, no window fires', async () => {
    const source = new ScriptedSource<number>().give(1)
    const sink = new RecordingSink<number>()
    const controller = new AbortController()
    const pipeline = source.values.pipe(
      assignTimestamps((n) => n, monotonous()),
      window(tumbling(10), sum()),
      values(),
    )
    const job = run(pipeline, sink, { signal: controller.signal })
    await turns()
    controller.abort(reason)
    expect(await failureOf(job.done)).toBe(reason)
    expect(source.closed).toBe(1)
    expect(sink.calls).toEqual(['close'])
  })

  test('aborted when the job is over: nothing happens', async () => {
    const controller = new AbortController()
    const job = run(fromIterable([1]), () => {}, { signal: controller.signal })
    const metrics = await job.done
    controller.abort(reason)
    expect(await job.done).toBe(metrics)
  })

  test('an endless source that never waits does not keep a signal or a timeout from coming', async () => {
    const numbers = new CountedNumbers()
    const controller = new AbortController()
    setTimeout(() => controller.abort(reason), 1)
    const job = run(fromIterable(numbers), () => {}, { signal: controller.signal })
    expect(await failureOf(job.done)).toBe(reason)
    expect(numbers.closed).toBe(1)
  })

  test('nothing keeps listening to a signal that outlives its jobs', async () => {
    const { signal } = new AbortController()
    let listening = 0
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (...parameters: Parameters<typeof add>) => {
      listening += 1
      add(...parameters)
    }
    signal.removeEventListener = (...parameters: Parameters<typeof remove>) => {
      listening -= 1
      remove(...parameters)
    }
    for (let i = 0; i < 3; i++) await run(fromIterable([1]), () => {}, { signal }).done
    expect(listening).toBe(0)
  })
})

describe('done', () => {
  test('rejects with the error of an observable that is none of tidemark', async () => {
    const boom = new Error('boom')
    expect(
      await failureOf(
        run(
          throwError(() => boom),
          () => {},
        ).done,
      ),
    ).toBe(boom)
  })

  test('waits until the sink is closed', async () => {
    let close = (): void => {}
    const sink: Sink<number> = {
      name: 'slow to close',
      write() {},
      close: async () => new Promise<void>((resolve) => (close = resolve)),
    }
    let isDone = false
    const stopped = run(new ScriptedSource<number>().values, sink).stop()
    void stopped.then(() => (isDone = true))
    await turns()
    expect(isDone).toBe(false)
    close()
    await stopped
  })
})

describe('metrics', () => {
  test('at work tell how far everything is', async () => {
    const source = new ScriptedSource<number>('numbers').give(1, 2, 11)
    const job = run(
      source.values.pipe(
        assignTimestamps((n) => n, monotonous()),
        window(tumbling(10), sum(), { id: 'sums' }),
        values(),
      ),
      function out() {},
    )
    await turns()
    expect(job.metrics()).toEqual({
      sources: [{ name: 'numbers', read: 3, refused: 0, gaps: 0, chunks: 1, ended: false }],
      operators: [
        expect.objectContaining({ id: 'assignTimestamps', in: 3, out: 3, watermark: 11 }),
        expect.objectContaining({ id: 'sums', name: 'window', in: 3, out: 1, contributed: 2, held: 1, entries: 1 }),
      ],
      sinks: [{ name: 'out', written: 1, buffered: 0, mostBuffered: 1 }],
      balanced: true,
    })
    source.end()
    const last = await job.done
    expect(last.sources[0]).toMatchObject({ ended: true })
    expect(last.operators[1]).toMatchObject({ held: 0, entries: 0, watermark: Infinity })
    expect(job.metrics()).toEqual(last)
  })
})
