import { createReadStream } from 'node:fs'
import { Duplex, PassThrough, Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import { fileURLToPath } from 'node:url'
import { take } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../lib/fixtures/failure.ts'
import { turns } from '../../lib/fixtures/turns.ts'
import { run } from '../../lib/run.ts'
import { collect } from '../../testing/collect.ts'
import { from, type Source } from './from.ts'

const web = (values: readonly number[]): ReadableStream<number> => ReadableStream.from(values)

async function* generated(count = Infinity): AsyncGenerator<number> {
  for (let n = 0; n < count; n++) yield n
}

test.each<[string, () => Source<unknown>, readonly unknown[]]>([
  ['a Readable of objects', () => Readable.from([1, { a: 2 }, undefined, '']), [1, { a: 2 }, undefined, '']],
  ['a Readable of bytes', () => Readable.from([Buffer.from('ab')], { objectMode: false }), [Buffer.from('ab')]],
  ['a Readable of text', () => Readable.from([Buffer.from('ab')], { objectMode: false, encoding: 'utf8' }), ['ab']],
  ['an empty Readable', () => Readable.from([]), []],
  ['an async generator', () => generated(3), [0, 1, 2]],
  ['a web stream', () => web([1, 2]), [1, 2]],
  ['an array', () => [1, 2], [1, 2]],
  ['a text', () => 'ab', ['a', 'b']],
])('reads %s', async (_, source, values) => {
  expect(await collect(from(source() as Readable))).toEqual(values)
})

test('reads a file as bytes', async () => {
  const path = fileURLToPath(import.meta.url)
  const pieces = await collect(from<Buffer>(createReadStream(path, { highWaterMark: 100 })))
  expect(Buffer.concat(pieces).toString()).toMatch(/^import { createReadStream }/)
  expect(pieces.length).toBeGreaterThan(10)
})

test('bytes are a piece a chunk, so that no more are held than the stream holds', async () => {
  let left = 20
  const readable = new Readable({
    highWaterMark: 4,
    read() {
      this.push(left-- > 0 ? 'bytes' : null)
    },
  })
  const { sources } = await run(from(readable), () => {}).done
  expect(sources[0]?.chunks).toBe(sources[0]?.read)
})

test.each([undefined, null, 5, {}, () => {}])('refuses %s', (source) => {
  expect(() => from(source as never)).toThrow(/^from: expected a stream or an iterable, got /)
})

test.each([0, 1.5, '5'])('refuses a chunk size of %s', (chunkSize) => {
  expect(() => from([1], { chunkSize: chunkSize as number })).toThrow(
    /^from: chunkSize must be a whole number > 0, got /,
  )
})

test.each<[string, () => Source<number>, string]>([
  ['a Readable', () => Readable.from([1]), 'readable'],
  ['an async iterable', () => generated(1), 'async iterable'],
  ['a web stream', () => web([1]), 'web stream'],
  ['an iterable', () => [1], 'iterable'],
])('names %s in metrics, or as it is told', async (_, source, name) => {
  expect((await run(from(source() as Readable), () => {}).done).sources[0]?.name).toBe(name)
  expect((await run(from(source() as Readable, { name: 'x' }), () => {}).done).sources[0]?.name).toBe('x')
})

test.each<[string, (count: number) => Source<number>]>([
  [
    'a Readable',
    (count) =>
      Readable.from(
        Array.from({ length: count }, (_, n) => n),
        { highWaterMark: count },
      ),
  ],
  ['an async generator', generated],
  ['a web stream', (count) => web(Array.from({ length: count }, (_, n) => n))],
  ['an iterable', (count) => Array.from({ length: count }, (_, n) => n)],
])('takes what is at hand of %s as one chunk, up to the size of a chunk', async (_, source) => {
  const { sources } = await run(from(source(1_000) as Readable, { chunkSize: 100 }), () => {}).done
  expect(sources[0]).toMatchObject({ read: 1_000, ended: true })
  expect(sources[0]?.chunks).toBeGreaterThanOrEqual(10)
  // The first values may come alone.
  expect(sources[0]?.chunks).toBeLessThanOrEqual(16)
})

test.each<[string, (values: AsyncIterable<number>) => Source<number>]>([
  ['a Readable', (values) => Readable.from(values, { highWaterMark: 4 })],
  ['an async generator', (values) => values],
  ['a web stream', (values) => ReadableStream.from(values)],
])('%s is held back by a slow sink', async (_, open) => {
  let produced = 0
  async function* counted(): AsyncGenerator<number> {
    for await (const value of generated()) {
      produced += 1
      yield value
    }
  }
  const most = 64
  let written = 0
  let ahead = 0
  await run(from(open(counted()) as Readable, { chunkSize: most }).pipe(take(2_000)), async () => {
    if (written++ % 50 === 0) await turns(1)
    ahead = Math.max(ahead, produced - written)
  }).done
  // One chunk is written, one has been read ahead, one is being read, and the stream holds a few.
  expect(ahead).toBeLessThanOrEqual(3 * most + 6)
})

describe('a value that has to be waited for', () => {
  test('does not wait for the next: Readable', async () => {
    const readable = new PassThrough({ objectMode: true })
    const seen: unknown[] = []
    const job = run(from(readable), (value) => void seen.push(value))
    readable.write(1)
    await expect.poll(() => seen).toEqual([1])
    readable.end(2)
    await job.done
    expect(seen).toEqual([1, 2])
  })

  test('does not wait for the next: async iterable', async () => {
    let resolve = (): void => {}
    async function* values(): AsyncGenerator<number> {
      yield 1
      await new Promise<void>((wake) => (resolve = wake))
      yield 2
    }
    const seen: number[] = []
    const job = run(from(values()), (value) => void seen.push(value))
    await expect.poll(() => seen).toEqual([1])
    resolve()
    await job.done
    expect(seen).toEqual([1, 2])
  })
})

describe('an error comes after the values before it', () => {
  const failure = new Error('boom')
  async function* failing(): AsyncGenerator<number> {
    yield* [1, 2, 3]
    throw failure
  }
  function failingReadable(): Readable {
    const values = [1, 2, 3]
    return new Readable({
      objectMode: true,
      read() {
        for (const value of values) this.push(value)
        this.destroy(failure)
      },
    })
  }
  test.each<[string, string, () => Source<unknown>]>([
    ['a Readable', 'readable', failingReadable],
    ['an async generator', 'async iterable', failing],
    ['a web stream', 'web stream', () => ReadableStream.from(failing())],
  ])('of %s', async (_, name, source) => {
    const seen: unknown[] = []
    const error = await failureOf(run(from(source() as Readable), (value) => void seen.push(value)).done)
    expect(error).toMatchObject({ code: 'input', message: `${name}: boom`, cause: failure, operator: name })
    expect(seen).toEqual([1, 2, 3])
  })

  test('a stream that is destroyed is not at its end', async () => {
    const readable = new PassThrough()
    const failed = failureOf(run(from(readable), () => {}).done)
    readable.destroy()
    expect(await failed).toMatchObject({
      code: 'input',
      message: 'expected the end of the stream, got its destruction',
    })
  })

  test('a stream that failed before it is read', async () => {
    const readable = new PassThrough().on('error', () => {})
    readable.destroy(failure)
    await turns(1)
    expect(await failureOf(run(from(readable), () => {}).done)).toMatchObject({ code: 'input', cause: failure })
  })
})

describe('early end', () => {
  test('destroys a Readable, and waits until it is closed', async () => {
    let closed = false
    const readable = new Readable({
      objectMode: true,
      read() {
        this.push(1)
      },
      destroy(error, callback) {
        setImmediate(() => {
          closed = true
          callback(error)
        })
      },
    })
    await run(from(readable).pipe(take(2)), () => {}).done
    expect(closed).toBe(true)
  })

  test('an error of closing is the error of the job', async () => {
    const failure = new Error('close')
    const readable = new Readable({
      objectMode: true,
      read() {
        this.push(1)
      },
      destroy: (_, callback) => callback(failure),
    })
    expect(await failureOf(run(from(readable).pipe(take(2)), () => {}).done)).toMatchObject({
      code: 'input',
      cause: failure,
    })
  })

  test('closes a generator', async () => {
    let closed = false
    async function* values(): AsyncGenerator<number> {
      try {
        for (;;) yield 1
      } finally {
        closed = true
      }
    }
    await run(from(values()).pipe(take(2)), () => {}).done
    await expect.poll(() => closed).toBe(true)
  })

  test('does not wait for a generator that waits for ever', async () => {
    async function* silent(): AsyncGenerator<number> {
      await new Promise(() => {})
      yield 1
    }
    const job = run(from(silent()), () => {})
    await turns()
    expect((await job.stop()).sources[0]).toMatchObject({ read: 0 })
  })

  test('cancels a web stream, also one that is waited for', async () => {
    const cancelled: unknown[] = []
    const stream = new ReadableStream<number>({ cancel: () => void cancelled.push('cancelled') })
    const job = run(from(stream), () => {})
    await turns()
    await job.stop()
    expect(cancelled).toEqual(['cancelled'])
  })

  test('leaves the writable side of what has ended to whoever writes', async () => {
    const written: unknown[] = []
    const socket = new Duplex({
      read() {
        this.push(null)
      },
      write(value, _, callback) {
        written.push(String(value))
        callback()
      },
    })
    await run(from(socket), () => {}).done
    expect(socket.destroyed).toBe(false)
    await new Promise<void>((resolve) => socket.end('answer', resolve))
    expect(written).toEqual(['answer'])
  })
})
