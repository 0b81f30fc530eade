import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type OtherThread, ThreadPool } from './thread-pool.ts'

type TestThread = OtherThread<string, number, string>

const tasks = (count: number): number[] => Array.from({ length: count }, (_, i) => i)
const perform = (task: number): string => `made ${task}`

/** A thread that is loaded after so many turns, and takes so many for each task. */
function slow(toLoad: number, toPerform: readonly number[], mistake?: Error): TestThread & { given: number } {
  let isReady = false
  let atHand = 0
  let before = Promise.resolve()
  let ring = (): void => {}
  const turns = async (count: number): Promise<void> => {
    for (let turn = 0; turn < count; turn++) await setImmediate()
  }
  const thread = {
    given: 0,
    begin(settings: string, whenMade: () => void) {
      expect(settings).toBe('settings')
      ring = whenMade
      // One that never is must not be waited for behind the test.
      if (toLoad === Infinity) return
      void turns(toLoad).then(() => {
        isReady = true
        ring()
      })
    },
    get load() {
      return isReady ? atHand : Infinity
    },
    receive() {},
    give(task: number) {
      let made: string | undefined
      atHand += 1
      before = before
        .then(() => turns(toPerform[thread.given++ % toPerform.length] ?? 0))
        .then(() => {
          atHand -= 1
          made = perform(task)
          ring()
        })
      return () => {
        if (made !== undefined && mistake !== undefined) throw mistake
        return made
      }
    },
    close: async () => {},
  }
  return thread
}

/** What is made of a task by a thread, and how many it has made before. */
function numbered(): (made: string) => string {
  let before = 0
  return (made) => `${made}, behind ${before++}`
}

async function resultsOf(pool: ThreadPool<string, number, string, string>, count: number): Promise<string[]> {
  const results: string[] = []
  for await (const { task, result } of pool.run(tasks(count), perform)) {
    expect(result.startsWith(`made ${task},`)).toBe(true)
    results.push(result)
    await setImmediate()
  }
  return results
}

test('whoever does them, results come in the order of the tasks, and each thread has its own in order', async () => {
  const threads = fc.array(fc.tuple(fc.nat(5), fc.array(fc.nat(6), { minLength: 1, maxLength: 5 })), { maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(threads, fc.nat(20), async (others, count) => {
      const all = others.map(([toLoad, toPerform]) => slow(toLoad, toPerform))
      const results = await resultsOf(new ThreadPool(all, 'settings', numbered), count)
      expect(results.map((result) => Number(/\d+/.exec(result)?.[0]))).toEqual(tasks(count))
      // As many are the first of a thread as there are threads that had any.
      const given = all.map((thread) => thread.given)
      const own = count - given.reduce((sum, each) => sum + each, 0)
      const firsts = results.filter((result) => result.endsWith(', behind 0')).length
      expect(firsts).toBe([own, ...given].filter((each) => each > 0).length)
    }),
  )
})

test('other threads have two at hand, of the last ones but one, and no more are under way than may be', async () => {
  const thread = slow(0, [1])
  let underWay = 0
  let most = 0
  const loads: number[] = []
  const watched: TestThread = {
    begin: (settings, ring) => thread.begin(settings, ring),
    get load() {
      return thread.load
    },
    receive() {},
    give(task) {
      loads.push(thread.load + 1)
      most = Math.max(most, ++underWay)
      return thread.give(task)
    },
    close: async () => {},
  }
  const pool = new ThreadPool([watched], 'settings', () => (made: string) => made)
  for await (const { result } of pool.run(tasks(50), (task) => {
    most = Math.max(most, ++underWay)
    return perform(task)
  })) {
    expect(result).toMatch(/^made/)
    underWay -= 1
    await setImmediate()
  }
  expect(thread.given).toBeGreaterThan(5)
  expect(Math.max(...loads)).toBe(2)
  expect(loads.at(-1)).toBe(1)
  expect(most).toBeLessThanOrEqual(8)
})

test('a thread that fails fails where its task would come', async () => {
  const pool = new ThreadPool([slow(0, [0], new Error('no disk'))], 'settings', numbered)
  await expect(resultsOf(pool, 20)).rejects.toThrow('no disk')
})

test('a thread that never starts is done without', async () => {
  const pool = new ThreadPool([slow(Infinity, [0])], 'settings', numbered)
  expect(await resultsOf(pool, 20)).toHaveLength(20)
  await pool.close()
})
