import { PassThrough, Writable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { WritableStream } from 'node:stream/web'
import { createGzip, gunzipSync } from 'node:zlib'
import { throwError } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../lib/fixtures/failure.ts'
import { turns } from '../../lib/fixtures/turns.ts'
import { run } from '../../lib/run.ts'
import { fromIterable } from '../iterable/index.ts'
import { Collector } from './fixtures/collector.ts'
import { toWritable } from './to-writable.ts'

const numbers = (count: number): Iterable<number> => Array.from({ length: count }, (_, n) => n)

function endless(): Iterable<number> {
  return {
    *[Symbol.iterator]() {
      for (let n = 0; ; n++) yield n
    },
  }
}

describe('a Node stream', () => {
  test('gets every value, is ended and closed when the job is done', async () => {
    const writable = new Collector(16)
    await run(fromIterable(numbers(100)), toWritable(writable)).done
    expect(writable.seen).toEqual(numbers(100))
    expect([writable.writableFinished, writable.closed]).toEqual([true, true])
  })

  test('of bytes takes texts and bytes', async () => {
    const writable = new PassThrough()
    const all = text(writable)
    await run(fromIterable(['a', Buffer.from('b'), '', 'ü']), toWritable(writable)).done
    expect(await all).toBe('abü')
  })

  test.each([1, 4, 16])('is given no more than it wants: %i', async (highWaterMark) => {
    const writable = new Collector(highWaterMark)
    await run(fromIterable(numbers(100)), toWritable(writable)).done
    expect(writable.mostBuffered).toBeLessThanOrEqual(highWaterMark)
  })

  test('holds back an endless source', async () => {
    const writable = new Collector(4)
    const job = run(fromIterable(endless(), { chunkSize: 8 }), toWritable(writable), { batchSize: 8 })
    await turns(50)
    expect((job.metrics().sources[0]?.read ?? 0) - writable.seen.length).toBeLessThan(32)
    await job.stop()
  })

  test('keeps what has not been read of its other side', async () => {
    const gzip = createGzip()
    await run(fromIterable(['tide', 'mark']), toWritable(gzip)).done
    expect(gunzipSync(await buffer(gzip)).toString()).toBe('tidemark')
  })

  test('stays open on demand, and nothing listens to it any more', async () => {
    const writable = new Collector(16)
    const listeners = (): number => writable.eventNames().reduce((sum, name) => sum + writable.listenerCount(name), 0)
    const before = listeners()
    await run(fromIterable([1]), toWritable(writable, { end: false })).done
    expect([writable.seen, writable.writableEnded, listeners()]).toEqual([[1], false, before])
    await run(fromIterable([2]), toWritable(writable)).done
    expect([writable.seen, writable.writableFinished]).toEqual([[1, 2], true])
  })

  test('stays open on demand, also when the job is stopped or fails', async () => {
    const writable = new Collector()
    const stopped = run(fromIterable(endless()), toWritable(writable, { end: false }))
    await turns()
    await stopped.stop()
    const failing = run(
      throwError(() => new Error('boom')),
      toWritable(writable, { end: false }),
    )
    expect(await failureOf(failing.done)).toMatchObject({ message: 'boom' })
    expect([writable.destroyed, writable.writableEnded]).toEqual([false, false])
  })

  test('does not end when the job is stopped: what was written is flushed, and it is destroyed', async () => {
    const writable = new Collector(4)
    const job = run(fromIterable(endless()), toWritable(writable))
    await turns()
    await job.stop()
    expect([writable.writableFinished, writable.destroyed, writable.writableLength]).toEqual([false, true, 0])
    expect(writable.seen).toEqual(numbers(writable.seen.length))
  })

  test('is destroyed with the error of the job', async () => {
    const failure = new Error('source')
    const told: unknown[] = []
    const writable = new Collector(4).on('error', (error) => told.push(error))
    function* failing(): Generator<number> {
      yield 1
      throw failure
    }
    const error = await failureOf(run(fromIterable(failing()), toWritable(writable)).done)
    expect(error).toMatchObject({ code: 'input', cause: failure })
    expect([told, writable.destroyed, writable.writableFinished]).toEqual([[error], true, false])
  })

  test.each([
    ['null', null, 'ERR_STREAM_NULL_VALUES'],
    ['an object, if it is of bytes', {}, 'ERR_INVALID_ARG_TYPE'],
  ])('refuses %s', async (_, value, code) => {
    const error = await failureOf(run(fromIterable([value]), toWritable(new PassThrough(), { name: 'out' })).done)
    expect(error).toMatchObject({ code: 'output', operator: 'out', cause: { code } })
  })

  test('that fails at its end fails the job', async () => {
    const failure = new Error('final')
    const writable = new Writable({ write: (_, __, done) => done(), final: (done) => done(failure) })
    expect(await failureOf(run(fromIterable(['a']), toWritable(writable)).done)).toMatchObject({
      code: 'output',
      message: 'writable: final',
      cause: failure,
    })
  })

  test('that is closed before its end fails the job', async () => {
    const writable = new Writable({ write: (_, __, done) => done(), final: () => writable.destroy() })
    expect(await failureOf(run(fromIterable(['a']), toWritable(writable)).done)).toMatchObject({
      code: 'output',
      message: 'writable: expected the stream to stay open, but it was closed',
    })
  })
})

describe('a web stream', () => {
  interface Setup {
    readonly stream: WritableStream<number>
    readonly calls: unknown[]
  }

  function setup(write: (value: number) => void | Promise<void> = () => {}): Setup {
    const calls: unknown[] = []
    const stream = new WritableStream<number>({
      write: (value) => {
        calls.push(value)
        return write(value)
      },
      close: () => void calls.push('close'),
      abort: (reason) => void calls.push(['abort', reason]),
    })
    return { stream, calls }
  }

  test('gets every value, and is closed with the job', async () => {
    const { stream, calls } = setup()
    await run(fromIterable([1, 2, 3]), toWritable(stream)).done
    expect([calls, stream.locked]).toEqual([[1, 2, 3, 'close'], false])
  })

  test('stays open on demand', async () => {
    const { stream, calls } = setup(async () => {
      await turns(1)
      calls.push('written')
    })
    await run(fromIterable([1, 2]), toWritable(stream, { end: false })).done
    expect([calls, stream.locked]).toEqual([[1, 'written', 2, 'written'], false])
  })

  test('holds back an endless source', async () => {
    const { stream, calls } = setup(() => turns(1))
    const job = run(fromIterable(endless(), { chunkSize: 8 }), toWritable(stream), { batchSize: 8 })
    await turns(50)
    expect((job.metrics().sources[0]?.read ?? 0) - calls.length).toBeLessThan(32)
    await job.stop()
    expect(calls.at(-1)).toEqual(['abort', undefined])
  })

  test('is given no more than it wants, and what it has taken is written before it is aborted', async () => {
    let queued = 0
    let most = 0
    const seen: number[] = []
    const stream = new WritableStream<number>(
      {
        async write(value) {
          await turns(1)
          queued -= 1
          seen.push(value)
        },
      },
      {
        highWaterMark: 4,
        size: () => {
          most = Math.max(most, ++queued)
          return 1
        },
      },
    )
    const job = run(fromIterable(endless()), toWritable(stream), { batchSize: 7 })
    await turns(50)
    await job.stop()
    expect([most, queued]).toEqual([4, 0])
    expect(seen).toEqual(numbers(seen.length))
    expect(seen.length % 7).toBe(0)
  })

  test('is aborted with the error of the job', async () => {
    const { stream, calls } = setup()
    function* failing(): Generator<number> {
      yield 1
      throw new Error('source')
    }
    const error = await failureOf(run(fromIterable(failing()), toWritable(stream)).done)
    expect(calls).toEqual([1, ['abort', error]])
  })

  test.each([1, 3])('that fails at value %i fails the job', async (at) => {
    const failure = new Error('disk full')
    const { stream } = setup((value) => {
      if (value === at) throw failure
    })
    expect(await failureOf(run(fromIterable([1, 2, 3]), toWritable(stream)).done)).toMatchObject({
      code: 'output',
      message: 'writable: disk full',
      cause: failure,
    })
  })
})

test.each([undefined, null, 5, {}])('refuses %s', (writable) => {
  expect(() => toWritable(writable as never)).toThrow(/^\w+: expected a writable stream, got /)
})
