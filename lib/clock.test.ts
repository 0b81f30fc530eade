import { afterEach, expect, test, vi } from 'vitest'
import { realClock, VirtualClock } from './clock.ts'

afterEach(() => {
  vi.useRealTimers()
})

const fakeTimers = (): void => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: 1_000 })
}

test('the real clock calls back at the time, not before, and once', () => {
  fakeTimers()
  const called = vi.fn()
  realClock.at(1_500, called)
  vi.advanceTimersByTime(499)
  expect(called).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(called).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(10_000)
  expect(called).toHaveBeenCalledTimes(1)
})

test.each([0, 1_000])(
  'the real clock calls back for the time %d, which has passed, but not within the call',
  (time) => {
    fakeTimers()
    const called = vi.fn()
    realClock.at(time, called)
    expect(called).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(called).toHaveBeenCalledTimes(1)
  },
)

// setTimeout takes at most 2^31 - 1 ms, and calls back at once for more.
test.each([2 ** 31 - 1, 2 ** 31, 3 * 2 ** 31 + 5])('the real clock waits %d ms', (delay) => {
  fakeTimers()
  const called = vi.fn()
  realClock.at(1_000 + delay, called)
  vi.advanceTimersByTime(delay - 1)
  expect(called).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(called).toHaveBeenCalledTimes(1)
})

test('the real clock can be called off, also after its first long step', () => {
  fakeTimers()
  const called = vi.fn()
  const cancel = realClock.at(1_000 + 2 ** 32, called)
  vi.advanceTimersByTime(2 ** 31)
  cancel()
  vi.advanceTimersByTime(2 ** 32)
  expect(called).not.toHaveBeenCalled()
  expect(vi.getTimerCount()).toBe(0)
})

test('a wall clock that is set back makes the callback wait for the time, and does not lose it', () => {
  fakeTimers()
  const called = vi.fn()
  realClock.at(1_500, called)
  vi.setSystemTime(200)
  vi.advanceTimersByTime(500)
  expect(called).not.toHaveBeenCalled()
  vi.advanceTimersByTime(799)
  expect(called).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(called).toHaveBeenCalledTimes(1)
})

test.each([realClock, new VirtualClock()])('a turn lets timeouts and immediates of others run', async (clock) => {
  const ran: string[] = []
  setImmediate(() => ran.push('immediate'))
  await clock.turn()
  expect(ran).toEqual(['immediate'])
})

test('the virtual clock stands until it is moved, and never goes back', () => {
  const clock = new VirtualClock(5)
  expect(clock.now()).toBe(5)
  clock.advanceTo(9)
  expect(clock.now()).toBe(9)
  clock.advanceTo(3)
  expect(clock.now()).toBe(9)
})

test('the virtual clock stops at each alarm, in the order of their times and then in which they were set', () => {
  const clock = new VirtualClock()
  const stops: [string, number][] = []
  const stop = (name: string) => (): void => void stops.push([name, clock.now()])
  clock.at(20, stop('c'))
  clock.at(10, stop('a'))
  clock.at(10, stop('b'))
  clock.at(21, stop('later'))
  clock.advanceTo(20)
  expect(stops).toEqual([
    ['a', 10],
    ['b', 10],
    ['c', 20],
  ])
  expect(clock.now()).toBe(20)
})

test('alarms that an alarm sets or calls off are taken into account on the way', () => {
  const clock = new VirtualClock()
  const stops: number[] = []
  const stop = (): void => void stops.push(clock.now())
  const cancel = clock.at(15, stop)
  clock.at(10, () => {
    stop()
    cancel()
    clock.at(12, stop)
    clock.at(5, stop)
  })
  clock.advanceTo(20)
  // The one in the past is called at once, and the clock does not go back for it.
  expect(stops).toEqual([10, 10, 12])
})
