import { AsyncIterableX } from 'ix/asynciterable/asynciterablex'
import { map } from 'ix/asynciterable/operators/map'
import { take } from 'ix/asynciterable/operators/take'
import { withAbort } from 'ix/asynciterable/operators/withabort'
import { Subject, throwError } from 'rxjs'
import { expect, test } from 'vitest'
import { CountedNumbers } from '../../lib/fixtures/counted-numbers.ts'
import { failureOf } from '../../lib/fixtures/failure.ts'
import { ScriptedSource } from '../../lib/fixtures/scripted-source.ts'
import { turns } from '../../lib/fixtures/turns.ts'
import { unhandledRejections } from '../../lib/fixtures/unhandled-rejections.ts'
import { fromIterable } from '../iterable/index.ts'
import { toAsyncIterable } from './to-async-iterable.ts'

async function all<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = []
  for await (const value of iterable) values.push(value)
  return values
}

test.each([1, 2, 1_024])('gives all results, in batches of %i', async (batchSize) => {
  const results = toAsyncIterable(fromIterable([1, undefined, null, 0]), { batchSize })
  expect(await all(results)).toEqual([1, undefined, null, 0])
  expect(await all(results)).toEqual([1, undefined, null, 0])
})

test('is an AsyncIterableX, to which operators of Ix apply', async () => {
  const numbers = new CountedNumbers()
  const results = toAsyncIterable(fromIterable(numbers))
  expect(results).toBeInstanceOf(AsyncIterableX)
  expect(
    await all(
      results.pipe(
        map((n) => n * 2),
        take(3),
      ),
    ),
  ).toEqual([0, 2, 4])
  expect(numbers.closed).toBe(1)
})

test('reads nothing before it is asked, and then one batch ahead', async () => {
  const numbers = new CountedNumbers()
  const iterator = toAsyncIterable(fromIterable(numbers, { chunkSize: 10 }), { batchSize: 10 })[Symbol.asyncIterator]()
  await turns()
  expect(numbers.pulled).toBe(0)
  expect(await iterator.next()).toEqual({ done: false, value: 0 })
  await turns()
  // A batch is being handed out, one waits, and two chunks have been read ahead.
  expect(numbers.pulled).toBeLessThanOrEqual(40)
  await iterator.return?.()
  expect(numbers.closed).toBe(1)
})

test('calls need not wait for each other', async () => {
  const source = new ScriptedSource<number>()
  const iterator = toAsyncIterable(source.values)[Symbol.asyncIterator]()
  const first = [iterator.next(), iterator.next(), iterator.next()]
  await turns()
  source.give(1, 2)
  await first[1]
  const later = [iterator.next(), iterator.next()]
  source.give(3, 4).end()
  const answers = await Promise.all([...first, ...later])
  expect(answers.map(({ value }): unknown => value)).toEqual([1, 2, 3, 4, undefined])
})

test('a call that comes later waits for its turn', async () => {
  const source = new ScriptedSource<number>()
  const iterator = toAsyncIterable(source.values)[Symbol.asyncIterator]()
  const first = iterator.next()
  const second = iterator.next()
  const third = first.then(() => iterator.next())
  source.give(1, 2, 3)
  const answers = await Promise.all([first, second, third])
  expect(answers.map(({ value }): unknown => value)).toEqual([1, 2, 3])
  await iterator.return?.()
})

test('nothing comes after returning, not even of a batch that was begun', async () => {
  const iterator = toAsyncIterable(fromIterable([1, 2, 3]))[Symbol.asyncIterator]()
  expect(await iterator.next()).toEqual({ done: false, value: 1 })
  await iterator.return?.()
  expect(await iterator.next()).toEqual({ done: true, value: undefined })
})

test('an error comes after the results before it, and once', async () => {
  const source = new ScriptedSource<number>().give(1).fail(new Error('boom'))
  const iterator = toAsyncIterable(source.values)[Symbol.asyncIterator]()
  expect(await iterator.next()).toEqual({ done: false, value: 1 })
  expect(await failureOf(iterator.next())).toMatchObject({ code: 'input', message: 'scripted: boom' })
  expect(await iterator.next()).toEqual({ done: true, value: undefined })
  expect(await iterator.return?.()).toEqual({ done: true, value: undefined })
})

test('returning while a call waits ends both', async () => {
  const source = new ScriptedSource<number>()
  const iterator = toAsyncIterable(source.values)[Symbol.asyncIterator]()
  const waiting = iterator.next()
  await turns()
  expect(await iterator.return?.()).toEqual({ done: true, value: undefined })
  expect(await waiting).toEqual({ done: true, value: undefined })
  expect(source.closed).toBe(1)
})

test('an error that nobody was told of is thrown when the loop is left', async () => {
  const iterator = toAsyncIterable(throwError(() => new Error('boom')))[Symbol.asyncIterator]()
  const rejections = await unhandledRejections(async () => {
    expect(await failureOf(iterator.return?.() ?? Promise.resolve())).toMatchObject({ message: 'boom' })
  })
  expect(rejections).toEqual([])
})

test('an abort while nobody asks closes the source at once, and is told when somebody does', async () => {
  const controller = new AbortController()
  const numbers = new CountedNumbers()
  const results = toAsyncIterable(fromIterable(numbers), { signal: controller.signal, batchSize: 2 })
  const iterator = results[Symbol.asyncIterator]()
  await iterator.next()
  await turns()
  controller.abort(new Error('enough'))
  await expect.poll(() => numbers.closed).toBe(1)
  // What had been handed out already.
  await iterator.next()
  expect(await failureOf(iterator.next())).toMatchObject({ message: 'enough' })
})

test('the signal of Ix ends it too', async () => {
  const controller = new AbortController()
  const subject = new Subject<number>()
  const done = failureOf(
    all(toAsyncIterable(subject, { signal: new AbortController().signal }).pipe(withAbort(controller.signal))),
  )
  await turns()
  expect(subject.observed).toBe(true)
  controller.abort(new Error('enough'))
  expect(await done).toBeInstanceOf(Error)
  expect(subject.observed).toBe(false)
})
