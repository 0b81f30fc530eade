// Laws of what puts a job into a stream or takes it from one, for any values, any cuts, batches and high-water marks:
//
// 1. `from` gives what the source gives: the values of streams and iterables in order, the bytes and texts of streams uncut.
// 2. `through`, `asDuplex`, `toReadable`, `toWritable` and `toAsyncIterable` give what `run` gives, in the same order, and then
//    the end.
// 3. An error in any place comes after exactly the results before it.

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ReadableStream, WritableStream } from 'node:stream/web'
import { fc, test } from '@fast-check/vitest'
import { concatMap, from as rxFrom, map, type Observable, type OperatorFunction, pipe, take } from 'rxjs'
import { expect } from 'vitest'
import { failureOf } from '../../lib/fixtures/failure.ts'
import { turns } from '../../lib/fixtures/turns.ts'
import { sum } from '../../lib/aggregates/sum.ts'
import { run } from '../../lib/run.ts'
import { boundedOutOfOrderness } from '../../lib/watermarks/bounded-out-of-orderness.ts'
import { tumbling } from '../../lib/windows/tumbling.ts'
import { assignTimestamps } from '../../operators/assign-timestamps.ts'
import { keyBy } from '../../operators/key-by.ts'
import { values } from '../../operators/values.ts'
import { window } from '../../operators/window.ts'
import { collect } from '../../testing/collect.ts'
import { fromIterable } from '../iterable/index.ts'
import { toAsyncIterable } from '../ix/index.ts'
import { Collector } from './fixtures/collector.ts'
import { asDuplex, from, through, toReadable, toWritable } from './index.ts'

const size = fc.constantFrom(1, 2, 3, 7, 64)
const sizes = fc.record({ chunkSize: size, batchSize: size, reading: size, writing: size })
const numbers = fc.array(fc.nat(50), { maxLength: 40 })
/** After which values a source or sink lets the event loop turn. */
const pauses = fc.func(fc.boolean()).map((pausesAt) => async (n: number) => {
  if (pausesAt(n)) await turns(1)
})

const operators: readonly OperatorFunction<number, number>[] = [
  map((n) => n * 2),
  concatMap((n) => rxFrom(Array.from({ length: n % 4 }, (_, i) => n + i))),
  take(5),
  pipe(
    assignTimestamps((n: number) => n, boundedOutOfOrderness(5)),
    keyBy((n) => n % 3),
    window(
      tumbling(10),
      sum((n) => n),
    ),
    values(),
  ),
]

async function* paused(input: readonly number[], pause: (n: number) => Promise<void>): AsyncGenerator<number> {
  for (const n of input) {
    await pause(n)
    yield n
  }
}

test.prop([numbers, sizes, pauses])('law 1, of values', async (input, { chunkSize, reading }, pause) => {
  const sources = [
    from<number>(Readable.from(paused(input, pause), { highWaterMark: reading }), { chunkSize }),
    from(paused(input, pause), { chunkSize }),
    from(ReadableStream.from(paused(input, pause)), { chunkSize }),
    from(input, { chunkSize }),
  ]
  for (const source of sources) expect(await collect(source)).toEqual(input)
})

test.prop([fc.array(fc.uint8Array({ maxLength: 9 })), size, fc.boolean()])(
  'law 1, of bytes and texts',
  async (pieces, highWaterMark, isText) => {
    const readable = Readable.from(pieces.map(Buffer.from), { objectMode: false, highWaterMark })
    if (isText) readable.setEncoding('latin1')
    const read = await collect(from<Buffer | string>(readable))
    const whole = Buffer.concat(read.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece)))
    expect(whole).toEqual(Buffer.concat(pieces))
  },
)

test.prop([numbers, fc.constantFrom(...operators), sizes, pauses, pauses], { numRuns: 300 })(
  'law 2',
  async (input, operator, { chunkSize, batchSize, reading, writing }, pauseSource, pauseSink) => {
    const expected = await collect(fromIterable(input).pipe(operator))
    const source = (): Readable => Readable.from(paused(input, pauseSource), { highWaterMark: reading })
    const results = (): Observable<number> => from(paused(input, pauseSource), { chunkSize }).pipe(operator)
    const sink = (): Collector<number> => new Collector(writing, pauseSink)
    const inDuplex = { batchSize, writableHighWaterMark: reading, readableHighWaterMark: writing }

    const sinks: Record<string, Collector<number>> = {
      through: sink(),
      asDuplex: sink(),
      toReadable: sink(),
      toWritable: sink(),
      toAsyncIterable: sink(),
    }
    const to = (name: string): Collector<number> => sinks[name] ?? sink()
    await pipeline(source(), through(operator, { batchSize }), to('through'))
    await pipeline(source(), asDuplex(operator, inDuplex), to('asDuplex')).catch((error: unknown) => {
      // Node's word for an early end.
      expect(error).toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' })
    })
    await pipeline(toReadable(results(), { batchSize, highWaterMark: reading }), to('toReadable'))
    await run(results(), toWritable(to('toWritable')), { batchSize }).done
    await pipeline(toAsyncIterable(results(), { batchSize }), to('toAsyncIterable'))
    for (const [name, { seen, writableFinished }] of Object.entries(sinks)) {
      expect([name, seen, writableFinished]).toEqual([name, expected, true])
    }

    const seen: number[] = []
    const web = new WritableStream<number>(
      {
        async write(value) {
          await pauseSink(value)
          seen.push(value)
        },
        close: () => void seen.push(-1),
      },
      { highWaterMark: writing },
    )
    await run(results(), toWritable(web), { batchSize }).done
    expect(seen).toEqual([...expected, -1])
  },
)

test.prop([numbers, fc.nat(), sizes])('law 3', async (input, at, { chunkSize, batchSize, reading }) => {
  const before = input.slice(0, at % (input.length + 1))
  const failure = new Error('boom')
  async function* failing(): AsyncGenerator<number> {
    yield* before
    await turns(1)
    throw failure
  }
  const results = (): Observable<number> => from(failing(), { chunkSize })
  const ways: readonly (() => AsyncIterable<number>)[] = [
    () => toReadable(results(), { batchSize, highWaterMark: reading }),
    () => toAsyncIterable(results(), { batchSize }),
    () => through(map((n: number) => n))(failing()),
  ]
  for (const way of ways) {
    const seen: number[] = []
    const reading = async (): Promise<void> => {
      for await (const value of way()) seen.push(value)
    }
    expect(await failureOf(reading())).toMatchObject({ code: 'input', cause: failure })
    expect(seen).toEqual(before)
  }
})
