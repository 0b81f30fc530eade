// However a job ends, in whatever way it is run: what it reads from is closed, its descriptors are free, and the error that ended it
// arrives as it is, once.
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { gzipSync } from 'node:zlib'
import { map, type Observable, type OperatorFunction, take } from 'rxjs'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { openDescriptors } from '../../lib/fixtures/open-descriptors.ts'
import { unhandledRejections } from '../../lib/fixtures/unhandled-rejections.ts'
import { run } from '../../lib/run.ts'
import { lines } from '../file/index.ts'
import { toAsyncIterable } from '../ix/index.ts'
import { asDuplex, from, through, toReadable, toWritable } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'tidemark-endings-'))
const written = join(folder, 'out')
const large = join(folder, 'lines')
const zipped = join(folder, 'lines.gz')
writeFileSync(large, 'line\n'.repeat(500_000))
writeFileSync(zipped, gzipSync(readFileSync(large)))
afterAll(() => rmSync(folder, { recursive: true }))

type Operator = OperatorFunction<unknown, string>

/** Something to read by a job, which does not end before a test does. */
interface Input {
  readonly values: Observable<unknown>
  readonly readable?: Readable
}

/** Something that can stand in front of a step of a pipeline as well. */
interface StreamInput extends Input {
  readonly stream: Readable | AsyncIterable<unknown>
}

async function* readZeros(): AsyncGenerator<Buffer> {
  const file = await open('/dev/zero')
  try {
    for (;;) yield (await file.read(Buffer.alloc(1_024))).buffer
  } finally {
    await file.close()
  }
}

const zeros = (): Readable => createReadStream('/dev/zero', { highWaterMark: 1_024 })

function aReadable(): StreamInput & Required<Input> {
  const readable = zeros()
  return { values: from(readable), stream: readable, readable }
}

const streams: Readonly<Record<string, () => StreamInput>> = {
  'a Readable': aReadable,
  'an async generator'() {
    const generator = readZeros()
    return { values: from(generator), stream: generator }
  },
}

const sources: Readonly<Record<string, () => Input>> = {
  'a file': () => ({ values: lines(large) }),
  'a gzip file': () => ({ values: lines(zipped) }),
  'a web stream'() {
    const readable = zeros()
    return { values: from(Readable.toWeb(readable)), readable }
  },
}

interface Ending {
  readonly operator: Operator
  readonly sink: Writable
  readonly options: { readonly signal?: AbortSignal }
}

type Way<I> = (input: I, ending: Ending) => Promise<unknown>

const steps: Readonly<Record<string, Way<StreamInput>>> = {
  through: ({ stream }, { operator, sink, options }) => pipeline(stream, through(operator, options), sink),
  asDuplex: ({ stream }, { operator, sink, options }) =>
    pipeline(stream, asDuplex(operator, { writableObjectMode: false, ...options }), sink),
}

const jobs: Readonly<Record<string, Way<Input>>> = {
  run: ({ values }, { operator, sink, options }) => run(values.pipe(operator), toWritable(sink), options).done,
  'run into a web stream': ({ values }, { operator, sink, options }) =>
    run(values.pipe(operator), toWritable<string>(Writable.toWeb(sink)), options).done,
  toAsyncIterable: ({ values }, { operator, sink, options }) =>
    pipeline(toAsyncIterable(values.pipe(operator), options), sink),
  toReadable: ({ values }, { operator, sink, options }) => pipeline(toReadable(values.pipe(operator), options), sink),
  'toReadable as a web stream': ({ values }, { operator, sink, options }) =>
    Readable.toWeb(toReadable(values.pipe(operator), options)).pipeTo(Writable.toWeb(sink)),
}

/** A way to run a job, and a kind of input. */
interface Row {
  readonly name: string
  readonly of: string
  start(): Input & { readonly go: (ending: Ending) => Promise<unknown> }
}

const table: readonly Row[] = [...rows(steps, streams), ...rows(jobs, { ...streams, ...sources })]

function rows<I extends Input>(
  ways: Readonly<Record<string, Way<I>>>,
  inputs: Readonly<Record<string, () => I>>,
): readonly Row[] {
  return Object.entries(ways).flatMap(([name, way]) =>
    Object.entries(inputs).map(([of, make]) => ({
      name,
      of,
      start() {
        const input = make()
        return { ...input, go: (ending) => way(input, ending) }
      },
    })),
  )
}

/** Where a job reads or writes by itself, what it tells names the source or the sink, and has the error as its cause. */
const wrapped = (code: string, cause: unknown): unknown => expect.objectContaining({ code, cause })

let before: number
let errorsOfSink: unknown[]

beforeEach(() => {
  before = openDescriptors()
  errorsOfSink = []
})

/** A file to write to. */
function fileSink(): Writable {
  return noted(createWriteStream(written))
}

function noted(writable: Writable): Writable {
  return writable.on('error', (error) => errorsOfSink.push(error))
}

const letter: Operator = map(() => 'x')

/** Calls back with the number of each value. */
function counting(callback: (count: number) => void): Operator {
  return map((_, index) => {
    callback(index + 1)
    return 'x'
  })
}

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

const often = { interval: 2 }

async function expectAllFree({ readable }: Input, sink: Writable): Promise<void> {
  await expect.poll(() => (readable?.closed ?? true) && sink.closed, often).toBe(true)
  await expect.poll(openDescriptors, often).toBe(before)
}

describe.each(table)('$name, of $of', ({ name, start }) => {
  const runsItself = name.startsWith('run')

  test('early end: everything before it is written', async () => {
    const [input, sink] = [start(), fileSink()]
    const outcome = await outcomeOf(() =>
      input.go({ operator: (values) => values.pipe(letter, take(3)), sink, options: {} }),
    )
    // Node has no word for a stream that has had enough.
    expect(outcome).toEqual(
      name === 'asDuplex' ? expect.objectContaining({ code: 'ERR_STREAM_PREMATURE_CLOSE' }) : 'done',
    )
    await expectAllFree(input, sink)
    expect(readFileSync(written, 'utf8')).toBe('xxx')
  })

  test('operator error', async () => {
    const [input, sink] = [start(), fileSink()]
    const failure = new Error('operator')
    const operator = counting((count) => {
      if (count === 4) throw failure
    })
    expect(await outcomeOf(() => input.go({ operator, sink, options: {} }))).toBe(failure)
    await expectAllFree(input, sink)
    expect(errorsOfSink).toEqual([failure])
  })

  test('sink error', async () => {
    const failure = new Error('sink')
    let writes = 0
    const sink = noted(
      new Writable({
        write(_, __, callback) {
          writes += 1
          callback(writes === 3 ? failure : null)
        },
      }),
    )
    const input = start()
    const outcome = await outcomeOf(() => input.go({ operator: letter, sink, options: {} }))
    expect(outcome).toEqual(runsItself ? wrapped('output', failure) : failure)
    await expectAllFree(input, sink)
    expect(errorsOfSink).toEqual([failure])
  })

  test('abort, while data flows', async () => {
    const [input, sink] = [start(), fileSink()]
    const reason = new Error('abort')
    const controller = new AbortController()
    const operator = counting((count) => {
      if (count === 100) controller.abort(reason)
    })
    expect(await outcomeOf(() => input.go({ operator, sink, options: { signal: controller.signal } }))).toBe(reason)
    await expectAllFree(input, sink)
  })

  test('abort, while the sink takes nothing', async () => {
    const reason = new Error('abort')
    const controller = new AbortController()
    const sink = noted(
      new Writable({
        write() {
          setImmediate(() => controller.abort(reason))
        },
      }),
    )
    const input = start()
    const done = outcomeOf(() => input.go({ operator: letter, sink, options: { signal: controller.signal } }))
    if (runsItself) {
      // What has left is still written, and until then the job is not over.
      await expect.poll(() => controller.signal.aborted).toBe(true)
      sink.destroy()
    }
    expect(await done).toEqual(name === 'run' ? expect.objectContaining({ code: 'output' }) : reason)
    await expectAllFree(input, sink)
  })

  test('abort, before anything is read', async () => {
    const [input, sink] = [start(), fileSink()]
    const reason = new Error('abort')
    expect(
      await outcomeOf(() => input.go({ operator: letter, sink, options: { signal: AbortSignal.abort(reason) } })),
    ).toBe(reason)
    await expectAllFree(input, sink)
  })
})

test.each(table.filter(({ of }) => of === 'a Readable'))('source error: $name', async ({ name, start }) => {
  const [input, sink] = [start(), fileSink()]
  const failure = new Error('source')
  const operator = counting((count) => {
    if (count === 3) input.readable?.destroy(failure)
  })
  const outcome = await outcomeOf(() => input.go({ operator, sink, options: {} }))
  expect(outcome).toEqual(name in jobs ? wrapped('input', failure) : failure)
  await expectAllFree(input, sink)
  expect(errorsOfSink).toEqual([outcome])
})
