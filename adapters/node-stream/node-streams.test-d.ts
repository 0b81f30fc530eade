// What goes through streams keeps its type as far as a type is known, and operators that don't fit each other are refused.
import { createReadStream } from 'node:fs'
import type { Duplex, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ReadableStream, WritableStream } from 'node:stream/web'
import { filter, map, type Observable } from 'rxjs'
import { expectTypeOf, test } from 'vitest'
import { count } from '../../lib/aggregates/count.ts'
import type { Sink } from '../../lib/sink.ts'
import { monotonous } from '../../lib/watermarks/monotonous.ts'
import { tumbling } from '../../lib/windows/tumbling.ts'
import { assignTimestamps, keyBy, panes, window } from '../../operators/index.ts'
import { fromIterable } from '../iterable/index.ts'
import { asDuplex, from, through, toReadable, toWritable } from './index.ts'

const double = map((n: number) => n * 2)
const show = map((n: number) => String(n))

test('from', () => {
  expectTypeOf(from(createReadStream('x'))).toEqualTypeOf<Observable<unknown>>()
  expectTypeOf(from<Buffer>(createReadStream('x'))).toEqualTypeOf<Observable<Buffer>>()
  expectTypeOf(from(new ReadableStream<number>())).toEqualTypeOf<Observable<number>>()
  expectTypeOf(from([1])).toEqualTypeOf<Observable<number>>()
  // @ts-expect-error no source
  from(5)
})

test('through', () => {
  const step = through(double, show, { batchSize: 5 })
  expectTypeOf(step).returns.toEqualTypeOf<AsyncIterable<string>>()
  void pipeline(createReadStream('x'), step, async (lines) => {
    for await (const line of lines) expectTypeOf(line).toEqualTypeOf<string>()
  })
  const nine = through(double, double, double, double, double, double, double, double, show)
  expectTypeOf(nine).returns.toEqualTypeOf<AsyncIterable<string>>()
  const ends = through(
    assignTimestamps((n: number) => n, monotonous()),
    keyBy((n) => String(n % 2)),
    window(tumbling(10), count()),
    panes(),
    // Known, though it stands where the options of fewer operators would.
    map((pane) => [pane.key, pane.window.end] as const),
    { batchSize: 5 },
  )
  expectTypeOf(ends).returns.toEqualTypeOf<AsyncIterable<readonly [string, number]>>()
  // @ts-expect-error texts are not numbers
  through(show, double)
  // @ts-expect-error no such option
  through(double, { batch: 5 })
  // @ts-expect-error results are handed out
  through(double, { checkpoint: { dir: 'x' } })
  // @ts-expect-error nothing
  through()
})

test('asDuplex', () => {
  expectTypeOf(asDuplex(double, show, { readableObjectMode: false })).toEqualTypeOf<Duplex>()
  expectTypeOf(asDuplex(filter((n: number) => n > 0))).toEqualTypeOf<Duplex>()
  // @ts-expect-error texts are not numbers
  asDuplex(show, double)
})

test('toReadable and toWritable', () => {
  expectTypeOf(toReadable(fromIterable([1]))).toEqualTypeOf<Readable>()
  expectTypeOf(toWritable(new WritableStream<number>())).toEqualTypeOf<Sink<number>>()
  expectTypeOf(toWritable<string>(process.stdout, { end: false })).toEqualTypeOf<Sink<string>>()
})
