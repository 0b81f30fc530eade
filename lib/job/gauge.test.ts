import { expect, test } from 'vitest'
import { VirtualClock } from '../clock.ts'
import { Gauge } from './gauge.ts'
import { Timers } from './timers.ts'

interface Setup {
  readonly clock: VirtualClock
  readonly gauge: Gauge
  /** When the sources were declared idle. */
  readonly idleAt: number[]
}

/** A gauge whose timers fire as soon as they are due. */
function setup({ idleTimeout = 100, sources = 1 } = {}): Setup {
  const clock = new VirtualClock()
  const idleAt: number[] = []
  const timers = new Timers(clock, () => {
    while (timers.fireOne());
  })
  const gauge = new Gauge(idleTimeout, clock, timers, () => idleAt.push(clock.now()))
  for (let i = 0; i < sources; i++) gauge.addSource()
  return { clock, gauge, idleAt }
}

test('a source that is asked and stays silent is idle exactly at its timeout', () => {
  const { clock, gauge, idleAt } = setup()
  clock.advanceTo(30)
  gauge.startPolling()
  clock.advanceTo(129)
  expect(gauge.isIdle).toBe(false)
  clock.advanceTo(130)
  expect(gauge.isIdle).toBe(true)
  clock.advanceTo(1_000)
  expect(idleAt).toEqual([130])
})

test('an event starts the count anew', () => {
  const { clock, gauge, idleAt } = setup()
  gauge.startPolling()
  clock.advanceTo(99)
  gauge.active()
  clock.advanceTo(198)
  expect(idleAt).toEqual([])
  clock.advanceTo(199)
  expect(idleAt).toEqual([199])
})

test('silence while the source is not asked does not count, silence before and after adds up', () => {
  const { clock, gauge, idleAt } = setup()
  gauge.startPolling()
  clock.advanceTo(40)
  gauge.stopPolling()
  clock.advanceTo(1_000)
  gauge.startPolling()
  clock.advanceTo(1_059)
  expect(idleAt).toEqual([])
  clock.advanceTo(1_060)
  expect(idleAt).toEqual([1_060])
})

test('a source that is held back is never idle', () => {
  const { clock, gauge, idleAt } = setup()
  gauge.startPolling()
  clock.advanceTo(99)
  gauge.stopPolling()
  clock.advanceTo(10 ** 6)
  expect(idleAt).toEqual([])
})

test('after an event it can become idle again', () => {
  const { clock, gauge, idleAt } = setup()
  gauge.startPolling()
  clock.advanceTo(100)
  gauge.stopPolling()
  gauge.active()
  expect(gauge.isIdle).toBe(false)
  gauge.startPolling()
  clock.advanceTo(500)
  expect(idleAt).toEqual([100, 200])
})

test('what pushes is never held back: its silence counts from the start and after each event', () => {
  const { clock, gauge, idleAt } = setup({ sources: 0 })
  gauge.startPolling()
  gauge.stopPolling()
  clock.advanceTo(100)
  expect(idleAt).toEqual([100])
  clock.advanceTo(300)
  gauge.active()
  clock.advanceTo(399)
  expect(idleAt).toEqual([100])
  clock.advanceTo(400)
  expect(idleAt).toEqual([100, 400])
})

test('when the last source is gone, what pushes is left, and its silence counts', () => {
  const { clock, gauge, idleAt } = setup({ sources: 2 })
  gauge.removeSource()
  clock.advanceTo(1_000)
  expect(idleAt).toEqual([])
  gauge.removeSource()
  clock.advanceTo(1_100)
  expect(idleAt).toEqual([1_100])
})

test('without a timeout nothing is ever idle', () => {
  const { clock, gauge, idleAt } = setup({ idleTimeout: Infinity, sources: 0 })
  gauge.startPolling()
  gauge.active()
  clock.advanceTo(10 ** 12)
  expect(idleAt).toEqual([])
})

test('a closed gauge sets no timer and leaves none behind', () => {
  const { clock, gauge, idleAt } = setup({ sources: 0 })
  gauge.startPolling()
  gauge.close()
  gauge.startPolling()
  clock.advanceTo(1_000)
  expect(idleAt).toEqual([])
})

test('turns are numbered', () => {
  const { gauge } = setup()
  expect([gauge.nextTurn(), gauge.nextTurn(), gauge.nextTurn()]).toEqual([1, 2, 3])
})
