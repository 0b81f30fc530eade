import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { NEVER, Subject } from 'rxjs'
import { expect, test } from 'vitest'
import { CountedNumbers } from '../../lib/fixtures/counted-numbers.ts'
import { failureOf } from '../../lib/fixtures/failure.ts'
import { ScriptedSource } from '../../lib/fixtures/scripted-source.ts'
import { defineSource } from '../../lib/wiring/source.ts'
import { turns } from '../../lib/fixtures/turns.ts'
import { fromIterable } from '../iterable/index.ts'
import { toReadable } from './to-readable.ts'

async function all(readable: Readable): Promise<unknown[]> {
  return (await readable.toArray()) as unknown[]
}

test.each([1, 2, 3, 1_024])('gives all results, in batches of %i', async (batchSize) => {
  expect(await all(toReadable(fromIterable([1, undefined, '', 0]), { batchSize }))).toEqual([1, undefined, '', 0])
})

test('gives texts and bytes', async () => {
  const pieces = fromIterable(['a', Buffer.from('b'), '', 'ü'])
  expect(await text(toReadable(pieces, { objectMode: false, batchSize: 1 }))).toBe('abü')
})

test('starts when it is read, and then works one batch ahead of what the stream holds', async () => {
  const numbers = new CountedNumbers()
  const readable = toReadable(fromIterable(numbers, { chunkSize: 10 }), { highWaterMark: 5, batchSize: 10 })
  await turns()
  expect(numbers.pulled).toBe(0)
  expect(readable.read()).toBeNull()
  await turns()
  expect(numbers.pulled).toBeGreaterThan(10)
  expect(numbers.pulled).toBeLessThanOrEqual(50)
  expect([readable.read(), readable.read()]).toEqual([0, 1])
  readable.destroy()
  await once(readable, 'close')
  expect(numbers.closed).toBe(1)
})

test('results that come later wake the stream', async () => {
  const subject = new Subject<number>()
  const readable = toReadable(subject)
  const seen: unknown[] = []
  readable.on('data', (value) => seen.push(value))
  await turns()
  subject.next(1)
  await expect.poll(() => seen).toEqual([1])
  subject.next(2)
  subject.complete()
  await once(readable, 'end')
  expect(seen).toEqual([1, 2])
})

test('an error comes after the results before it', async () => {
  const source = new ScriptedSource<number>().give(1, 2).fail(new Error('boom'))
  const readable = toReadable(source.values)
  const seen: unknown[] = []
  const error = await failureOf(
    (async () => {
      for await (const value of readable) seen.push(value)
    })(),
  )
  expect(seen).toEqual([1, 2])
  expect(error).toMatchObject({ code: 'input', message: 'scripted: boom' })
  expect(source.closed).toBe(1)
})

test('destroying it closes the source, though nothing comes of that, and says close only then', async () => {
  const source = new ScriptedSource<number>()
  const readable = toReadable(source.values)
  readable.resume()
  readable.on('end', () => expect.unreachable('it has not ended'))
  await turns()
  readable.destroy()
  expect(source.closed).toBe(0)
  await once(readable, 'close')
  expect(source.closed).toBe(1)
})

test('destroying it with an error tells that error and no other', async () => {
  const failure = new Error('enough')
  const errors: unknown[] = []
  const readable = toReadable(NEVER).on('error', (error) => errors.push(error))
  readable.resume()
  await turns()
  readable.destroy(failure)
  await new Promise((resolve) => readable.once('close', resolve))
  expect(errors).toEqual([failure])
})

test('an error of closing the source is told, though nobody waits for results any more', async () => {
  const failure = new Error('close')
  const results = defineSource({
    name: 'stubborn',
    open: () => ({ read: () => new Promise<undefined>(() => {}), close: () => Promise.reject(failure) }),
  })
  const readable = toReadable(results)
  readable.resume()
  await turns()
  readable.destroy()
  const [error] = (await once(readable, 'error')) as unknown[]
  expect(error).toMatchObject({ code: 'input', cause: failure })
})

test('whoever destroys it in the midst of a batch gets no more of it', async () => {
  const readable = toReadable(fromIterable([1, 2, 3, 4]))
  const seen: unknown[] = []
  readable.on('data', (value) => {
    seen.push(value)
    if (value === 2) readable.destroy()
  })
  await once(readable, 'close')
  expect(seen).toEqual([1, 2])
})

test('an abort is told at once, also while nobody reads', async () => {
  const controller = new AbortController()
  const numbers = new CountedNumbers()
  const readable = toReadable(fromIterable(numbers), { signal: controller.signal, highWaterMark: 1 })
  readable.read(0)
  await turns()
  const reason = new Error('enough')
  controller.abort(reason)
  expect(await once(readable, 'error')).toEqual([reason])
  await expect.poll(() => numbers.closed).toBe(1)
})

test('null, which ends a Node stream, is an error', async () => {
  const numbers = new CountedNumbers()
  function* values(): Generator<number | null> {
    yield* [1, null]
    yield* numbers
  }
  expect(await failureOf(all(toReadable(fromIterable(values()))))).toMatchObject({
    code: 'output',
    message: 'toReadable: expected values, got null, which is the end of a Node stream',
  })
})

test('what is neither text nor bytes is an error in byte mode', async () => {
  expect(await failureOf(all(toReadable(fromIterable([{}]), { objectMode: false })))).toMatchObject({
    code: 'ERR_INVALID_ARG_TYPE',
  })
})

test('a bad option of the job is the error of the stream', async () => {
  expect(await failureOf(all(toReadable(fromIterable([1]), { batchSize: 0 })))).toMatchObject({
    code: 'invalid-argument',
  })
})
