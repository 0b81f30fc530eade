import { take } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { CountedNumbers } from '../../lib/fixtures/counted-numbers.ts'
import { failureOf } from '../../lib/fixtures/failure.ts'
import { run } from '../../lib/run.ts'
import { collect } from '../../testing/collect.ts'
import { fromIterable } from './from-iterable.ts'

test.each<[string, Iterable<unknown>, readonly unknown[]]>([
  ['an array', [1, 2, 3], [1, 2, 3]],
  ['an empty one', [], []],
  ['a text', 'äb', ['ä', 'b']],
  ['a set', new Set([1, 2, 1]), [1, 2]],
  ['a map', new Map([['a', 1]]), [['a', 1]]],
  ['values that are undefined or null', [undefined, null, undefined], [undefined, null, undefined]],
  ['a generator', new CountedNumbers(3), [0, 1, 2]],
])('reads %s', async (_, iterable, values) => {
  expect(await collect(fromIterable(iterable))).toEqual(values)
})

test.each([1, 2, 3, 4, 1_024])('reads it all, in chunks of %d', async (chunkSize) => {
  const { sources } = await run(fromIterable([1, 2, 3, 4], { chunkSize, name: 'four' }), () => {}).done
  expect(sources).toEqual([
    {
      name: 'four',
      read: 4,
      refused: 0,
      gaps: 0,
      chunks: Math.ceil(4 / chunkSize),
      position: Math.floor(3 / chunkSize) * chunkSize,
      ended: true,
    },
  ])
})

test('is called iterable unless it has a name', async () => {
  expect((await run(fromIterable([1]), () => {}).done).sources[0]?.name).toBe('iterable')
})

test.each([0, -1, 1.5, Number.NaN, Infinity, '5'])('refuses a chunk size of %s', (chunkSize) => {
  expect(() => fromIterable([1], { chunkSize: chunkSize as number })).toThrow(
    /^fromIterable: chunkSize must be a whole number > 0, got /,
  )
})

test('asks the iterable for an iterator at each run', async () => {
  const numbers = fromIterable([1, 2])
  expect([await collect(numbers), await collect(numbers)]).toEqual([
    [1, 2],
    [1, 2],
  ])
})

describe('the iterator', () => {
  test('is closed when the job ends before it', async () => {
    const numbers = new CountedNumbers()
    expect(await collect(fromIterable(numbers, { chunkSize: 2 }).pipe(take(3)))).toEqual([0, 1, 2])
    expect(numbers.closed).toBe(1)
  })

  test('is not closed at its own end, nor after it has thrown', async () => {
    const returned: string[] = []
    const iterable = (last: () => IteratorResult<number>): Iterable<number> => ({
      [Symbol.iterator]() {
        let n = 0
        return {
          next: () => (n++ < 3 ? { value: n } : last()),
          return() {
            returned.push('return')
            return { done: true, value: undefined }
          },
        }
      },
    })
    await collect(fromIterable(iterable(() => ({ done: true, value: undefined }))))
    const boom = (): never => {
      throw new Error('boom')
    }
    await failureOf(collect(fromIterable(iterable(boom))))
    expect(returned).toEqual([])
  })

  test('without a return method is left as it is', async () => {
    const endless = { [Symbol.iterator]: () => ({ next: () => ({ value: 1 }) }) }
    expect(await collect(fromIterable(endless).pipe(take(2)))).toEqual([1, 1])
  })
})

test.each([1, 2, 1_024])('an error comes after all values before it (in chunks of %d)', async (chunkSize) => {
  function* numbers(): Generator<number> {
    yield* [1, 2, 3]
    throw new Error('boom')
  }
  const taken: number[] = []
  const job = run(fromIterable(numbers(), { chunkSize }), (n) => void taken.push(n))
  expect(await failureOf(job.done)).toMatchObject({ code: 'input', message: 'iterable: boom' })
  expect(taken).toEqual([1, 2, 3])
})
