import { expect, test } from 'vitest'
import { VirtualClock } from '../../../lib/clock.ts'
import { turns } from '../../../lib/fixtures/turns.ts'
import type { Trouble } from '../driver.ts'
import { answeredWith, type ClusterError } from './cluster-error.ts'
import { retry } from './retry.ts'

const lost = answeredWith('NETWORK_EXCEPTION', true, 'lost')
const unknown = answeredWith('UNKNOWN_TOPIC_OR_PARTITION', true, 'there is none')
const rebalancing = answeredWith('REBALANCE_IN_PROGRESS', false, 'wait')

/** Does something that fails with these errors, one after the other, and then is done. */
function retrying(
  errors: readonly Error[],
  { also = [], signal = new AbortController().signal }: { also?: readonly string[]; signal?: AbortSignal } = {},
): {
  readonly times: number[]
  readonly troubles: Trouble[]
  readonly failures: ClusterError[]
  readonly result: Promise<string>
  advance(to: number): Promise<void>
} {
  const clock = new VirtualClock()
  const times: number[] = []
  const troubles: Trouble[] = []
  const failures: ClusterError[] = []
  const work = (): Promise<string> => {
    const error = errors[times.length]
    times.push(clock.now())
    return error === undefined ? Promise.resolve('done') : Promise.reject(error)
  }
  const result = retry('fetch orders-3', work, clock, {
    signals: [new AbortController().signal, signal],
    also,
    onFailure: (error) => void failures.push(error),
    onTrouble: (trouble) => void troubles.push(trouble),
  })
  result.catch(() => {})
  return {
    times,
    troubles,
    failures,
    result,
    async advance(to) {
      for (let time = clock.now(); time <= to; time += 10) {
        clock.advanceTo(time)
        await turns(1)
      }
    },
  }
}

test('waits longer each time, up to two seconds, and tells of what has lasted for a second', async () => {
  const { times, troubles, failures, result, advance } = retrying(Array.from({ length: 10 }, () => lost))
  await advance(20_000)
  expect(await result).toBe('done')
  expect(times.map((time, index) => time - (times[index - 1] ?? 0))).toEqual([
    0, 20, 40, 80, 160, 320, 640, 1_280, 2_000, 2_000, 2_000,
  ])
  expect(failures.length).toBe(10)
  expect(troubles.map(({ attempts }) => attempts)).toEqual([7, 8, 9, 10])
  expect(troubles[0]).toEqual({ what: 'fetch orders-3', message: 'lost (NETWORK_EXCEPTION)', attempts: 7 })
})

test('the end of the transaction before is waited for in short steps', async () => {
  const ending = answeredWith('CONCURRENT_TRANSACTIONS', true, 'not yet')
  const { times, troubles, result, advance } = retrying(Array.from({ length: 6 }, () => ending))
  await advance(1_000)
  expect(await result).toBe('done')
  expect(times.map((time, index) => time - (times[index - 1] ?? 0))).toEqual([0, 20, 20, 20, 20, 20, 20])
  expect(troubles).toEqual([])
})

test('fails with what does not go away, and says what it was about', async () => {
  const refused = answeredWith('TOPIC_AUTHORIZATION_FAILED', false, 'no')
  const { result, times, advance } = retrying([lost, refused])
  await advance(1_000)
  await expect(result).rejects.toMatchObject({
    kind: 'refused',
    message: 'fetch orders-3: no (TOPIC_AUTHORIZATION_FAILED)',
  })
  expect(times.length).toBe(2)
})

test('looks for a topic for three seconds', async () => {
  const { result, times, advance } = retrying(Array.from({ length: 100 }, () => unknown))
  await advance(10_000)
  await expect(result).rejects.toMatchObject({ kind: 'unknown-topic', isRetriable: false })
  expect(times.at(-1)).toBeGreaterThanOrEqual(3_000)
  expect(times.at(-1)).toBeLessThanOrEqual(3_500)
})

test('looks for it anew when something else was wrong meanwhile', async () => {
  const doubts = Array.from({ length: 8 }, () => unknown)
  const { result, advance } = retrying([...doubts, lost, ...doubts])
  await advance(20_000)
  expect(await result).toBe('done')
})

test('has codes that go away only here', async () => {
  const { result, advance } = retrying([rebalancing], { also: ['REBALANCE_IN_PROGRESS'] })
  await advance(100)
  expect(await result).toBe('done')
  await expect(retrying([rebalancing]).result).rejects.toMatchObject({ code: 'REBALANCE_IN_PROGRESS' })
})

test('is called off while it waits', async () => {
  const controller = new AbortController()
  const { result, times, advance } = retrying([lost, lost, lost], { signal: controller.signal })
  await advance(50)
  controller.abort()
  await expect(result).rejects.toMatchObject({ kind: 'unavailable', message: 'fetch orders-3: closed' })
  expect(times.length).toBe(2)
  await expect(retrying([], { signal: controller.signal }).result).rejects.toMatchObject({ kind: 'unavailable' })
})
