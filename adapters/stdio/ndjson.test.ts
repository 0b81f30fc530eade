import { spawnSync } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { PassThrough, Writable } from 'node:stream'
import { text as allOf } from 'node:stream/consumers'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { run } from '../../lib/run.ts'
import { fromIterable } from '../iterable/index.ts'
import { typescriptNode } from './fixtures/typescript-node.ts'
import { ndjson } from './ndjson.ts'
import { text } from './text.ts'

/** A stream that takes a piece only when `release` is called. */
class Held extends Writable {
  readonly pieces: string[] = []
  mostBuffered = 0
  #release: (error?: Error | null) => void = () => {}

  constructor(highWaterMark: number) {
    super({ highWaterMark })
  }

  override _write(piece: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.pieces.push(piece.toString())
    this.mostBuffered = Math.max(this.mostBuffered, this.writableLength)
    this.#release = done
  }

  release(error?: Error): void {
    const release = this.#release
    this.#release = () => {}
    release(error)
  }
}

function listeners(writable: Writable): number {
  return writable.eventNames().reduce((sum, name) => sum + writable.listenerCount(name), 0)
}

/** Waits until a stream has told of its end, and of an error before that. Unlike `once` it does not listen to errors. */
function closed(writable: Writable): Promise<void> {
  return new Promise((resolve) => {
    writable.on('close', resolve)
  })
}

/** Tells whether a promise has settled, after all that could settle it by now. */
async function isSettled(promise: void | Promise<void>): Promise<boolean> {
  let settled = false
  const settle = (): void => void (settled = true)
  Promise.resolve(promise).then(settle, settle)
  await setImmediate()
  return settled
}

function* numbers(): Generator<number> {
  for (let number = 1; ; number++) yield number
}

test('each value is a line of JSON, and a batch one write', async () => {
  const writable = new Held(1000)
  const sink = ndjson(writable)
  void sink.write([{ a: 1 }, ['grüß\n'], null, 'x'])
  writable.release()
  void sink.write([2])
  writable.release()
  await sink.end?.()
  expect(writable.pieces).toEqual(['{"a":1}\n["grüß\\n"]\nnull\n"x"\n', '2\n'])
})

test('text and stringify make lines of their own', async () => {
  const writable = new PassThrough()
  await text(writable, (value: number) => value.toFixed(1)).write([1, 2])
  await ndjson(writable, { stringify: (value: number) => `[${value}]` }).write([3])
  writable.end()
  expect(await allOf(writable)).toBe('1.0\n2.0\n[3]\n')
})

test('a write waits for drain when the stream has enough, and not before', async () => {
  const writable = new Held(4)
  const sink = ndjson(writable)
  expect(sink.write([1])).toBeUndefined()
  const second = sink.write([2])
  expect(await isSettled(second)).toBe(false)
  writable.release()
  expect(await isSettled(second)).toBe(false)
  writable.release()
  expect(await isSettled(second)).toBe(true)
})

test('a slow stream holds back an endless source', async () => {
  const writable = new Held(16)
  const job = run(fromIterable(numbers()), ndjson(writable), { batchSize: 4 })
  for (let i = 0; i < 50; i++) {
    await expect.poll(() => writable.pieces.length, { interval: 1 }).toBeGreaterThan(i)
    writable.release()
  }
  const { read } = job.metrics().sources[0] ?? { read: 0 }
  const seen = writable.pieces.join('').trimEnd().split('\n').map(Number)
  expect(seen).toEqual(seen.map((_, index) => index + 1))
  // What the stream holds, one batch that waits and one value that no longer fits into it.
  expect(read - seen.length).toBeLessThan(50)
  expect(writable.mostBuffered).toBeLessThan(200)
  const stopped = job.stop()
  while (!(await isSettled(stopped.then(() => {})))) writable.release()
})

test('the end waits until everything is flushed, leaves the stream open and takes all listeners away', async () => {
  const writable = new Held(1000)
  const before = listeners(writable)
  const sink = ndjson(writable)
  void sink.write([1])
  void sink.write([2])
  const end = sink.end?.()
  expect(await isSettled(end)).toBe(false)
  writable.release()
  expect(await isSettled(end)).toBe(false)
  writable.release()
  expect(await isSettled(end)).toBe(true)
  expect(writable.writableEnded).toBe(false)
  expect(listeners(writable)).toBe(before)
})

test('closing takes all listeners away, those for errors when what was written is flushed', async () => {
  const writable = new Held(1000)
  const before = listeners(writable)
  const sink = ndjson(writable)
  void sink.write([1])
  void sink.close?.()
  expect(writable.listenerCount('error')).toBe(1)
  writable.release()
  await expect.poll(() => listeners(writable)).toBe(before)
  expect(writable.writableEnded).toBe(false)
})

test('a failure after closing ends no process', async () => {
  const writable = new Held(1000)
  const sink = ndjson(writable)
  void sink.write([1])
  void sink.close?.()
  writable.release(new Error('too late'))
  await closed(writable)
  expect(writable.errored).toMatchObject({ message: 'too late' })
})

test('a failure that is told again after closing ends no process', async () => {
  const writable = new Held(1)
  const sink = ndjson(writable)
  const writing = sink.write([1])
  writable.release(new Error('reader has gone'))
  await expect(writing).rejects.toMatchObject({ code: 'output' })
  await sink.close?.()
  // As process.stdout does, for each write that was under way.
  expect(writable.emit('error', new Error('reader has gone'))).toBe(true)
})

test.each([
  ['waits for drain', 1],
  ['has gone on', 1000],
])('a stream that fails while the sink %s is an output error', async (_, highWaterMark) => {
  const writable = new Held(highWaterMark)
  const sink = ndjson(writable)
  const failure = new Error('disk full')
  const writing = sink.write([1])
  writable.release(failure)
  const outcome = (async () => {
    await writing
    await sink.end?.()
  })()
  await expect(outcome).rejects.toMatchObject({
    code: 'output',
    message: 'ndjson: disk full',
    cause: failure,
    operator: 'ndjson',
  })
  expect(() => sink.write([2])).toThrow(expect.objectContaining({ cause: failure }))
})

test('a stream that could not be opened is an output error, though nothing was written yet', async () => {
  const writable = createWriteStream('/nope/nope')
  const sink = ndjson(writable)
  await closed(writable)
  expect(() => sink.write([1])).toThrow(expect.objectContaining({ code: 'output', cause: writable.errored }))
})

test('a stream that failed before is an output error with its own reason', async () => {
  const failure = new Error('long ago')
  const writable = new PassThrough().on('error', () => {})
  writable.destroy(failure)
  await closed(writable)
  const done = run(fromIterable([1]), ndjson(writable)).done
  await expect(done).rejects.toMatchObject({ code: 'output', message: 'ndjson: long ago', cause: failure })
})

test('a stream that is destroyed while the sink waits is an output error', async () => {
  const writable = new Held(1)
  const writing = ndjson(writable).write([1])
  writable.destroy()
  await expect(writing).rejects.toMatchObject({
    code: 'output',
    message: 'ndjson: expected the stream to stay open, but it was closed',
  })
})

test('the reader of a pipe goes: an output error with EPIPE as its cause, and the process goes on', () => {
  const program = fileURLToPath(new URL('fixtures/endless-ndjson.ts', import.meta.url))
  const pipeline = `{ '${typescriptNode}' '${program}'; echo "exit $?" >&2; } | head -n 2`
  const { stdout, stderr } = spawnSync('sh', ['-c', pipeline], { encoding: 'utf8' })
  expect(stdout).toBe('{"number":1}\n{"number":2}\n')
  const [error = '', status] = stderr.split('\n')
  expect(JSON.parse(error)).toMatchObject({ code: 'output', cause: { code: 'EPIPE' } })
  expect(status).toBe('exit 0')
})

test.each([
  ['undefined', undefined, 'output', 'ndjson: expected a value that JSON can express, got undefined'],
  ['a bigint', 1n, 'callback', 'ndjson: Do not know how to serialize a BigInt'],
])('what JSON can not express is an error: %s', (_, value, code, message) => {
  const sink = ndjson(new PassThrough())
  expect(() => sink.write([value])).toThrow(expect.objectContaining({ code, message }))
})

test('what a format throws is a callback error, and nothing of the batch is written', () => {
  const writable = new Held(1000)
  const failure = new Error('no such field')
  const sink = text(writable, (value: number) => {
    if (value === 2) throw failure
    return String(value)
  })
  expect(() => sink.write([1, 2])).toThrow(
    expect.objectContaining({ code: 'callback', message: 'text: no such field', cause: failure }),
  )
  expect(writable.pieces).toEqual([])
})

test('something else than a writable stream is refused at once', () => {
  const read: unknown = { read: 1 }
  expect(() => ndjson(read as Writable)).toThrow(
    expect.objectContaining({ code: 'invalid-argument', message: 'ndjson: expected a writable stream, got an object' }),
  )
})
