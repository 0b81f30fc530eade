import { expect, test } from 'vitest'
import { VirtualClock } from '../clock.ts'
import { alive } from '../fixtures/alive.ts'
import { Timers } from './timers.ts'

interface Setup {
  readonly clock: VirtualClock
  readonly timers: Timers
  /** What was called, and at what time by the clock. */
  readonly log: string[]
  /** Sets a timer that says its name. */
  readonly set: (name: string, time: number) => () => void
  /** Fires everything that is due, as a job does. */
  readonly fireAll: () => void
}

function setup(start = 0): Setup {
  const clock = new VirtualClock(start)
  const log: string[] = []
  const timers = new Timers(clock, () => log.push(`due ${clock.now()}`))
  return {
    clock,
    timers,
    log,
    set: (name, time) => timers.set(time, (due) => log.push(`${name} ${due}`)),
    fireAll() {
      while (timers.fireOne());
    },
  }
}

test('timers fire in the order of their times, those of one time in the order in which they were set', () => {
  const { clock, log, set, fireAll } = setup()
  set('c', 20)
  set('a', 10)
  set('b', 10)
  set('later', 21)
  clock.advanceTo(20)
  log.length = 0
  fireAll()
  expect(log).toEqual(['a 10', 'b 10', 'c 20'])
})

test('nothing fires before its time, nor by itself', () => {
  const { clock, timers, log, set } = setup()
  set('a', 10)
  clock.advanceTo(9)
  expect(timers.fireOne()).toBe(false)
  clock.advanceTo(10)
  expect(log).toEqual(['due 10'])
  expect(timers.fireOne()).toBe(true)
  expect(timers.fireOne()).toBe(false)
})

test('a time that has passed fires at the next opportunity, in its place', () => {
  const { log, set, fireAll } = setup(100)
  set('now', 100)
  set('past', 5)
  fireAll()
  expect(log).toEqual(['past 5', 'now 100'])
})

test('a timer that another one sets fires in its place', () => {
  const { clock, timers, log, set, fireAll } = setup()
  timers.set(10, () => {
    log.push('first')
    set('between', 15)
    set('past', 3)
  })
  set('last', 20)
  clock.advanceTo(30)
  log.length = 0
  fireAll()
  expect(log).toEqual(['first', 'past 3', 'between 15', 'last 20'])
})

test('a timer that was called off does not fire, nor is the clock kept waiting for it', () => {
  const { clock, log, set, fireAll } = setup()
  const cancel = set('a', 10)
  set('b', 20)
  cancel()
  cancel()
  clock.advanceTo(15)
  expect(log).toEqual([])
  clock.advanceTo(20)
  fireAll()
  expect(log).toEqual(['due 20', 'b 20'])
})

test('calling off what has fired has no effect on others', () => {
  const { clock, log, set, fireAll } = setup()
  const cancel = set('a', 10)
  clock.advanceTo(10)
  fireAll()
  cancel()
  set('b', 20)
  clock.advanceTo(20)
  fireAll()
  expect(log).toEqual(['due 10', 'a 10', 'due 20', 'b 20'])
})

test('clear calls everything off, once and for all', () => {
  const { clock, timers, log, set, fireAll } = setup()
  const cancel = set('a', 10)
  set('b', 20)
  timers.clear()
  cancel()
  clock.advanceTo(100)
  fireAll()
  expect(log).toEqual([])
  set('c', 110)
  clock.advanceTo(110)
  fireAll()
  expect(log).toEqual(['due 110', 'c 110'])
})

/** Counts the alarms that stand. */
class CountingClock extends VirtualClock {
  standing = 0
  most = 0

  override at(time: number, callback: () => void): () => void {
    this.standing += 1
    this.most = Math.max(this.most, this.standing)
    const cancel = super.at(time, () => {
      this.standing -= 1
      callback()
    })
    return () => {
      this.standing -= 1
      cancel()
    }
  }
}

test('one alarm of the clock stands, however many timers', () => {
  const clock = new CountingClock()
  const timers = new Timers(clock, () => {})
  for (let time = 1_000; time > 0; time--) timers.set(time, () => {})
  expect(clock.most).toBe(1)
  timers.clear()
  expect(clock.standing).toBe(0)
})

test('timers that are set and called off again and again are let go of long before their time', async () => {
  const { timers, set } = setup()
  set('soon', 1)
  const kept: WeakRef<object>[] = []
  for (let i = 0; i < 1_000; i++) {
    const pane = { fire() {} }
    kept.push(new WeakRef(pane))
    const cancel = timers.set(10 ** 9, () => pane.fire())
    cancel()
  }
  expect(await alive(kept)).toBeLessThan(100)
})
