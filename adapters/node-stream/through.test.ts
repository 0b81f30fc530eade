import { createReadStream, mkdtempSync, rmSync, writeFileSync, createWriteStream, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, gzipSync } from 'node:zlib'
import { concatMap, filter, from as rxFrom, map, take } from 'rxjs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { failureOf } from '../../lib/fixtures/failure.ts'
import { openDescriptors } from '../../lib/fixtures/open-descriptors.ts'
import { turns } from '../../lib/fixtures/turns.ts'
import { count } from '../../lib/aggregates/count.ts'
import { boundedOutOfOrderness } from '../../lib/watermarks/bounded-out-of-orderness.ts'
import { tumbling } from '../../lib/windows/tumbling.ts'
import { assignTimestamps } from '../../operators/assign-timestamps.ts'
import { keyBy } from '../../operators/key-by.ts'
import { values } from '../../operators/values.ts'
import { window } from '../../operators/window.ts'
import { Collector } from './fixtures/collector.ts'
import { through } from './through.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'tidemark-through-'))))
afterEach(() => rmSync(folder, { recursive: true }))

test('event time inside of a pipeline', async () => {
  const sink = new Collector()
  await pipeline(
    Readable.from([1, 2, 11, 3, 25]),
    through(
      assignTimestamps((n: number) => n, boundedOutOfOrderness(9)),
      keyBy((n) => n % 2),
      window(tumbling(10), count()),
      values(),
    ),
    sink,
  )
  expect(sink.seen).toEqual([2, 1, 1, 1])
})

test('takes what any step gives, and feeds any step', async () => {
  const sink = new Collector()
  const plus = through(map((n: number) => n + 1))
  await pipeline(
    Readable.from([1, 2, 3]),
    new PassThrough({ objectMode: true }),
    plus,
    async function* (source: AsyncIterable<number>) {
      yield* source
    },
    plus,
    sink,
  )
  expect(sink.seen).toEqual([3, 4, 5])
})

test('can be used without a pipeline', async () => {
  const source = new PassThrough({ objectMode: true })
  source.write(1)
  const seen: number[] = []
  for await (const value of through(map((n: number) => n * 2))(source)) {
    seen.push(value)
    break
  }
  expect(seen).toEqual([2])
  await expect.poll(() => source.closed).toBe(true)
})

test('a slow sink holds back the source', async () => {
  let produced = 0
  const source = new Readable({
    objectMode: true,
    highWaterMark: 4,
    read() {
      this.push(produced++)
    },
  })
  const sink = new Collector(4)
  const done = pipeline(
    source,
    through(
      map((n: number) => n),
      { batchSize: 8 },
    ),
    sink,
  )
  await turns(30)
  // Some batches of eight, and a chunk read ahead.
  expect(produced - sink.seen.length).toBeLessThan(2 * 1_024 + 100)
  const before = produced
  await turns(100)
  expect(produced - before).toBeLessThan(1_100)
  source.destroy(new Error('enough'))
  expect(await failureOf(done)).toMatchObject({ message: 'enough' })
})

test('early end is a good end, also of a slow sink, and frees the descriptor', async () => {
  const before = openDescriptors()
  const sink = new Collector()
  await pipeline(
    createReadStream('/dev/zero'),
    through(
      map(() => 'x'),
      take(3),
    ),
    sink,
  )
  expect(sink.seen).toEqual(['x', 'x', 'x'])
  await expect.poll(openDescriptors).toBe(before)
})

test('early end behind another step: Node calls it premature, but everything is written', async () => {
  const before = openDescriptors()
  const zipped = join(folder, 'in.gz')
  writeFileSync(zipped, gzipSync('0123456789'.repeat(1_000_000)))
  const done = pipeline(
    createReadStream(zipped, { highWaterMark: 100 }),
    createGunzip(),
    through(
      concatMap((bytes: Buffer) => rxFrom(bytes.toString())),
      filter((digit) => digit !== '0'),
      take(10),
    ),
    createWriteStream(join(folder, 'out')),
  )
  expect(await failureOf(done)).toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' })
  expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('1234567891')
  await expect.poll(openDescriptors).toBe(before)
})

test('each pipeline runs a job of its own', async () => {
  const twice = through(map((n: number) => n * 2))
  const sinks = [new Collector(), new Collector()]
  await Promise.all(sinks.map((sink, index) => pipeline(Readable.from([index]), twice, sink)))
  expect(sinks.map(({ seen }) => seen)).toEqual([[0], [2]])
})

test.each<[string, readonly unknown[], RegExp]>([
  ['nothing', [], /^through: expected an operator, got none/],
  ['options alone', [{}], /^through: expected an operator, got none/],
  ['options in the midst', [{}, map((n) => n)], /^through: expected an operator, got an object/],
])('refuses %s', (_, parts, message) => {
  expect(() => (through as (...parts: unknown[]) => unknown)(...parts)).toThrow(message)
})
