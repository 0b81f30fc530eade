// What a job sees of it is in driver.test.ts; here is what comes at moments that a job meets seldom.
import { expect, test } from 'vitest'
import type { Chunk } from '../chunk-source.ts'
import { ReadAhead } from './read-ahead.ts'

/** A reader whose reads a test answers. */
function answered(): {
  readonly ahead: ReadAhead<number>
  readonly reads: PromiseWithResolversOf<Chunk<number> | undefined>[]
  readonly woken: () => number
} {
  const reads: PromiseWithResolversOf<Chunk<number> | undefined>[] = []
  let woken = 0
  const reader = {
    read: () =>
      new Promise<Chunk<number> | undefined>((resolve, reject) => {
        reads.push({ resolve, reject })
      }),
    close() {},
  }
  const host = { toError: (error: unknown) => `told: ${String(error)}`, wake: () => void (woken += 1) }
  return { ahead: new ReadAhead(reader, host), reads, woken: () => woken }
}

interface PromiseWithResolversOf<T> {
  resolve(value: T): void
  reject(error: unknown): void
}

const one: Chunk<number> = { values: [1] }

test('reads once, until what was read is taken', async () => {
  const { ahead, reads, woken } = answered()
  ahead.read()
  ahead.read()
  expect(reads.length).toBe(1)
  reads[0]?.resolve(one)
  await Promise.resolve()
  expect([ahead.chunk, woken()]).toEqual([one, 1])
  ahead.read()
  expect(reads.length).toBe(1)
  expect(ahead.take()).toBe(one)
  ahead.read()
  expect(reads.length).toBe(2)
})

test('what fails is told when it is due, and nothing is read after it', async () => {
  const { ahead, reads, woken } = answered()
  ahead.read()
  reads[0]?.reject('gone')
  await Promise.resolve()
  await Promise.resolve()
  expect([ahead.take(), ahead.failure, woken()]).toEqual([undefined, { error: 'told: gone' }, 1])
  ahead.read()
  expect(reads.length).toBe(1)
})

test.each([
  ['fails', (read: PromiseWithResolversOf<Chunk<number> | undefined>) => read.reject('closed')],
  ['answers', (read: PromiseWithResolversOf<Chunk<number> | undefined>) => read.resolve(one)],
])('a read that %s when no more is to be read has no effect', async (_, settle) => {
  const { ahead, reads } = answered()
  ahead.read()
  ahead.drain()
  for (const read of reads) settle(read)
  await Promise.resolve()
  await Promise.resolve()
  expect([ahead.take(), ahead.failure]).toEqual([undefined, undefined])
})

test('what has been read when no more is to be read is the last', async () => {
  const { ahead, reads } = answered()
  ahead.read()
  reads[0]?.resolve(one)
  await Promise.resolve()
  ahead.drain()
  expect(ahead.take()).toBe(one)
  ahead.read()
  expect([ahead.take(), reads.length]).toEqual([undefined, 1])
})
