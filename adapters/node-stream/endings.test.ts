// However a pipeline ends, its source is closed, its descriptors are free, and the error that ended it arrives as it is, once.
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { map, type OperatorFunction, take } from 'rxjs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDescriptors } from '../../lib/fixtures/open-descriptors.ts'
import { unhandledRejections } from '../../lib/fixtures/unhandled-rejections.ts'
import { run } from '../../lib/run.ts'
import { toAsyncIterable } from '../ix/index.ts'
import { asDuplex, from, through, toReadable, toWritable } from './index.ts'

type Operator = OperatorFunction<Buffer, string>
type Way = (source: Readable, operator: Operator, sink: Writable, signal?: AbortSignal) => Promise<unknown>

const options = (signal: AbortSignal | undefined): { signal?: AbortSignal } => (signal === undefined ? {} : { signal })

const ways: Readonly<Record<string, Way>> = {
  run: (source, operator, sink, signal) =>
    run(from<Buffer>(source).pipe(operator), toWritable(sink), options(signal)).done,
  through: (source, operator, sink, signal) => pipeline(source, through(operator, options(signal)), sink),
  asDuplex: (source, operator, sink, signal) =>
    pipeline(source, asDuplex(operator, { writableObjectMode: false, ...options(signal) }), sink),
  toAsyncIterable: (source, operator, sink, signal) =>
    pipeline(toAsyncIterable(from<Buffer>(source).pipe(operator), options(signal)), sink),
  toReadable: (source, operator, sink, signal) =>
    pipeline(toReadable(from<Buffer>(source).pipe(operator), options(signal)), sink),
}

/** Where a job reads or writes by itself, what it tells names the source or the sink, and has the error as its cause. */
const wrapped = (code: string, cause: unknown): unknown => expect.objectContaining({ code, cause })

let folder: string
let path: string
let before: number
let source: Readable
let sink: Writable
let errorsOfSink: unknown[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-endings-'))
  path = join(folder, 'out')
  before = openDescriptors()
  // It never ends.
  source = createReadStream('/dev/zero', { highWaterMark: 1024 })
})

afterEach(() => rmSync(folder, { recursive: true }))

/** A file to write to. */
function fileSink(): Writable {
  return noted(createWriteStream(path))
}

function noted(writable: Writable): Writable {
  sink = writable
  errorsOfSink = []
  return sink.on('error', (error) => errorsOfSink.push(error))
}

const letter: Operator = map(() => 'x')

/** What a promise comes to: its error, if it has one. */
async function outcomeOf(work: () => Promise<unknown>): Promise<unknown> {
  let outcome: unknown
  const rejections = await unhandledRejections(async () => {
    outcome = await work().then(
      () => 'done',
      (error: unknown) => error,
    )
  })
  expect(rejections).toEqual([])
  return outcome
}

async function expectAllFree(): Promise<void> {
  await expect.poll(() => source.closed && sink.closed).toBe(true)
  await expect.poll(openDescriptors).toBe(before)
}

describe.each(Object.entries(ways))('%s', (name, way) => {
  test('early end: everything before it is written', async () => {
    const operator: Operator = (bytes) => bytes.pipe(letter, take(3))
    const outcome = await outcomeOf(() => way(source, operator, fileSink()))
    // Node has no word for a stream that has had enough.
    expect(outcome).toEqual(
      name === 'asDuplex' ? expect.objectContaining({ code: 'ERR_STREAM_PREMATURE_CLOSE' }) : 'done',
    )
    await expectAllFree()
    expect(readFileSync(path, 'utf8')).toBe('xxx')
  })

  test('operator error', async () => {
    const failure = new Error('operator')
    const operator: Operator = map((_, index) => {
      if (index === 3) throw failure
      return 'x'
    })
    expect(await outcomeOf(() => way(source, operator, fileSink()))).toBe(failure)
    await expectAllFree()
    expect(errorsOfSink).toEqual([failure])
  })

  test('sink error', async () => {
    const failure = new Error('sink')
    let writes = 0
    noted(
      new Writable({
        write(_, __, callback) {
          writes += 1
          callback(writes === 3 ? failure : null)
        },
      }),
    )
    expect(await outcomeOf(() => way(source, letter, sink))).toEqual(
      name === 'run' ? wrapped('output', failure) : failure,
    )
    await expectAllFree()
    expect(errorsOfSink).toEqual([failure])
  })

  test('source error', async () => {
    const failure = new Error('source')
    let values = 0
    const operator: Operator = map(() => {
      values += 1
      if (values === 3) source.destroy(failure)
      return 'x'
    })
    const outcome = await outcomeOf(() => way(source, operator, fileSink()))
    const readsItself = ['run', 'toAsyncIterable', 'toReadable'].includes(name)
    expect(outcome).toEqual(readsItself ? wrapped('input', failure) : failure)
    await expectAllFree()
    expect(errorsOfSink).toEqual([outcome])
  })

  test('abort, while data flows', async () => {
    const reason = new Error('abort')
    const controller = new AbortController()
    let values = 0
    const operator: Operator = map(() => {
      values += 1
      if (values === 100) controller.abort(reason)
      return 'x'
    })
    expect(await outcomeOf(() => way(source, operator, fileSink(), controller.signal))).toBe(reason)
    await expectAllFree()
  })

  test('abort, while the sink takes nothing', async () => {
    const reason = new Error('abort')
    const controller = new AbortController()
    noted(
      new Writable({
        write() {
          setImmediate(() => controller.abort(reason))
        },
      }),
    )
    const done = outcomeOf(() => way(source, letter, sink, controller.signal))
    if (name === 'run') {
      // What has left is still written, and until then the job is not over.
      await expect.poll(() => controller.signal.aborted).toBe(true)
      sink.destroy()
    }
    expect(await done).toEqual(name === 'run' ? expect.objectContaining({ code: 'output' }) : reason)
    await expectAllFree()
  })

  test('abort, before anything is read', async () => {
    const reason = new Error('abort')
    expect(await outcomeOf(() => way(source, letter, fileSink(), AbortSignal.abort(reason)))).toBe(reason)
    await expectAllFree()
  })
})
