import { once } from 'node:events'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { delay, map, take } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../lib/fixtures/failure.ts'
import { turns } from '../../lib/fixtures/turns.ts'
import { asDuplex } from './as-duplex.ts'
import { Collector } from './fixtures/collector.ts'

const same = map((value: unknown) => value)

test('gives the results of what is written', async () => {
  const duplex = asDuplex(map((n: number) => n * 2))
  for (const n of [1, 2, 3]) duplex.write(n)
  duplex.end(4)
  expect(await duplex.toArray()).toEqual([2, 4, 6, 8])
})

test('an end without values is an end', async () => {
  const duplex = asDuplex(same)
  duplex.end()
  expect(await duplex.toArray()).toEqual([])
})

test('a value does not wait for the next', async () => {
  const duplex = asDuplex(same)
  const seen: unknown[] = []
  duplex.on('data', (value) => seen.push(value))
  duplex.write(1)
  await expect.poll(() => seen).toEqual([1])
  duplex.write(2)
  await expect.poll(() => seen).toEqual([1, 2])
  duplex.destroy()
})

test('what comes later is not lost at the end', async () => {
  const duplex = asDuplex<number, number>(delay(5))
  duplex.end(1)
  expect(await duplex.toArray()).toEqual([1])
})

test('bytes in and out', async () => {
  const upper = asDuplex(
    map((bytes: Buffer) => bytes.toString().toUpperCase()),
    { writableObjectMode: false, readableObjectMode: false },
  )
  upper.write('ab')
  upper.end('cd')
  expect(await text(upper)).toBe('ABCD')
  expect([upper.writableObjectMode, upper.readableObjectMode]).toEqual([false, false])
})

test('takes nothing before it is read, and no more than it holds while nobody reads on', async () => {
  const duplex = asDuplex(same, { writableHighWaterMark: 4, readableHighWaterMark: 4, batchSize: 4 })
  let taken = 0
  while (duplex.write(taken)) taken += 1
  await turns()
  expect([taken, duplex.writableNeedDrain]).toEqual([3, true])
  duplex.read()
  let stalled = 0
  while (stalled < 5) {
    await turns()
    if (duplex.writableNeedDrain) stalled += 1
    else while (duplex.write(taken)) taken += 1
  }
  // Two batches of results, what the job has read ahead, and what waits to be taken.
  expect(taken).toBeLessThan(40)
  duplex.destroy()
})

describe('early end', () => {
  const endless = (): Readable =>
    new Readable({
      objectMode: true,
      read() {
        this.push('x')
      },
    })

  test('stops an endless input when all results are written', async () => {
    const [source, sink] = [endless(), new Collector()]
    expect(await failureOf(pipeline(source, asDuplex(take(3)), sink))).toMatchObject({
      code: 'ERR_STREAM_PREMATURE_CLOSE',
    })
    expect(sink.seen).toEqual(['x', 'x', 'x'])
    expect(sink.writableFinished).toBe(true)
    await expect.poll(() => source.closed).toBe(true)
  })

  test('is a good end if the input has ended too', async () => {
    const sink = new Collector()
    await pipeline(Readable.from(['x', 'y', 'z']), asDuplex(take(2)), sink)
    expect(sink.seen).toEqual(['x', 'y'])
    expect(sink.writableFinished).toBe(true)
  })

  test('is a good end if the input has ended before anybody has read that far', async () => {
    const duplex = asDuplex(take(1))
    duplex.write(1)
    duplex.read()
    await turns()
    // The job may have asked for one more; nobody takes the others.
    for (const value of [2, 3, 4]) duplex.write(value)
    duplex.end()
    const seen: unknown[] = []
    duplex.on('data', (value) => seen.push(value))
    await once(duplex, 'close')
    expect([seen, duplex.writableFinished, duplex.errored]).toEqual([[1], true, null])
  })

  test('does not wait for a destination that goes on', async () => {
    const open = new PassThrough({ objectMode: true })
    const duplex = asDuplex(take(1))
    duplex.pipe(open, { end: false })
    duplex.write(1)
    await once(duplex, 'close')
    expect([open.read(), open.destroyed]).toEqual([1, false])
  })

  test('destroys the stream for whoever reads it in a loop', async () => {
    const duplex = asDuplex(take(1))
    duplex.write(1)
    expect(await duplex.toArray()).toEqual([1])
    await expect.poll(() => duplex.destroyed).toBe(true)
  })
})

test('destroying it while it waits for input', async () => {
  const duplex = asDuplex(same)
  duplex.resume()
  await turns()
  duplex.destroy()
  await once(duplex, 'close')
  expect(duplex.errored).toBeNull()
})

test('an abort is told at once, also while nobody reads', async () => {
  const controller = new AbortController()
  const duplex = asDuplex(same, { signal: controller.signal })
  duplex.write(1)
  const reason = new Error('enough')
  await turns()
  controller.abort(reason)
  expect(await once(duplex, 'error')).toEqual([reason])
})

test('refuses what is no operator', () => {
  expect(() => asDuplex(undefined as never)).toThrow(/^asDuplex: expected an operator, got none/)
})
