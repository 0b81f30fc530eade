import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Plan } from './plan.ts'
import { noLines, type Range, type RangeSubtotals } from './range.ts'
import { type OtherThread, RangePool } from './range-pool.ts'

/** Nobody looks into it. */
const plan = {} as Plan

const ranges = (count: number): Range[] =>
  Array.from({ length: count }, (_, start) => ({ path: 'a', start, end: start + 1 }))

/** What says which range it is of. */
const subtotalsOf = ({ start }: Range): RangeSubtotals => ({
  subtotals: [],
  end: start,
  counts: noLines(),
  failures: [],
  failed: 0,
  fields: [],
  lists: [],
})

/** A thread that is loaded after so many turns, and takes so many for each range. */
function slow(toLoad: number, toRead: readonly number[], mistake?: Error): OtherThread & { reads: number } {
  let isReady = false
  let waiting = 0
  let before = Promise.resolve()
  const turns = async (count: number): Promise<void> => {
    for (let turn = 0; turn < count; turn++) await setImmediate()
  }
  const thread = {
    reads: 0,
    begin() {
      void turns(toLoad).then(() => (isReady = true))
    },
    get load() {
      return isReady ? waiting : Infinity
    },
    async read(range: Range) {
      waiting += 1
      const own = before.then(() => turns(toRead[thread.reads++ % toRead.length] ?? 0))
      before = own
      await own
      waiting -= 1
      if (mistake !== undefined) throw mistake
      return subtotalsOf(range)
    },
    close: async () => {},
  }
  return thread
}

test('whoever reads them, ranges come in their order', async () => {
  const threads = fc.array(fc.tuple(fc.nat(5), fc.array(fc.nat(6), { minLength: 1, maxLength: 5 })), { maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(threads, fc.nat(20), async (others, count) => {
      const pool = new RangePool(
        others.map(([toLoad, toRead]) => slow(toLoad, toRead)),
        plan,
      )
      const ends: number[] = []
      for await (const { range, made } of pool.read(ranges(count), subtotalsOf)) {
        expect(made.end).toBe(range.start)
        ends.push(made.end)
      }
      expect(ends).toEqual(Array.from({ length: count }, (_, i) => i))
    }),
  )
})

test('other threads read, too, and hold no more than they may', async () => {
  const thread = slow(0, [1])
  let own = 0
  let ahead = 0
  let most = 0
  let load = 0
  const pool = new RangePool(
    [
      {
        ...thread,
        get load() {
          return thread.load
        },
        async read(range) {
          most = Math.max(most, ++ahead)
          load = Math.max(load, thread.load + 1)
          return await thread.read(range)
        },
      },
    ],
    plan,
  )
  for await (const { made } of pool.read(ranges(50), (range) => {
    own += 1
    ahead += 1
    return subtotalsOf(range)
  })) {
    expect(made.subtotals).toEqual([])
    ahead -= 1
  }
  expect(thread.reads).toBeGreaterThan(5)
  expect(own + thread.reads).toBe(50)
  expect(most).toBeLessThanOrEqual(8)
  expect(load).toBe(2)
})

test('a thread that fails fails where its range would come', async () => {
  const pool = new RangePool([slow(0, [0], new Error('no disk'))], plan)
  const read = async (): Promise<void> => {
    for await (const { made } of pool.read(ranges(20), subtotalsOf)) expect(made.failed).toBe(0)
  }
  await expect(read()).rejects.toThrow('no disk')
})
