import { describe, expect, test } from 'vitest'
import { window } from '../../operators/window.ts'
import { VirtualClock } from '../clock.ts'
import { sum } from '../aggregates/sum.ts'
import { type AnyEvent, type Element, event } from '../element.ts'
import { ScriptedSource } from '../fixtures/scripted-source.ts'
import { turns } from '../fixtures/turns.ts'
import { run } from '../run.ts'
import type { Trigger } from '../trigger.ts'
import { afterProcessingTime } from '../triggers/after-processing-time.ts'
import { everyProcessingTime } from '../triggers/every-processing-time.ts'
import { repeatedly } from '../triggers/repeatedly.ts'
import { tumbling } from '../windows/tumbling.ts'
import type { OperatorContext } from '../wiring/machine.ts'
import { ClockDeadlines } from './clock-deadlines.ts'
import { Pane, Waiting } from './pane.ts'

type Asked = Pane<string, unknown, unknown>

/** A clock that fires what a test tells it to. */
class Timers {
  readonly set = new Map<number, () => boolean>()
  /** Panes that may be asked before the turn is over. */
  room = Infinity

  readonly context = {
    setTimer: (time: number, fire: () => boolean) => {
      if (this.set.has(time)) throw new Error(`expected one timer for ${time}, got another`)
      this.set.set(time, fire)
      return () => {}
    },
    hasRoom: () => {
      this.room -= 1
      return this.room > 0
    },
  } as unknown as OperatorContext<AnyEvent>

  /** True if nothing is left over. */
  fire(time: number): boolean | undefined {
    const fire = this.set.get(time)
    this.set.delete(time)
    const isDone = fire?.()
    if (fire !== undefined && isDone === false) this.set.set(time, fire)
    return isDone
  }
}

function paneOf(key: string, deadline: number): Asked {
  const pane = new Pane<string, unknown, unknown>({ start: 0, end: 10 }, key, undefined, new Waiting(undefined))
  return waitUntil(pane, deadline)
}

function waitUntil(pane: Asked, deadline: number): Asked {
  if (pane.waiting !== undefined) pane.waiting.deadline = deadline
  return pane
}

describe('panes that wait for one instant', () => {
  test('share a timer, and are asked in the order in which they began to wait', () => {
    const timers = new Timers()
    const asked: string[] = []
    const deadlines = new ClockDeadlines<Asked>(timers.context, ({ key }) => asked.push(key))
    for (const key of ['c', 'a', 'b']) deadlines.add(paneOf(key, 5))
    deadlines.add(paneOf('d', 4))
    expect([...timers.set.keys()]).toEqual([5, 4])
    expect(timers.fire(4)).toBe(true)
    expect(asked).toEqual(['d'])
    expect(timers.fire(5)).toBe(true)
    expect(asked).toEqual(['d', 'c', 'a', 'b'])
  })

  test('are asked in as many turns as it takes, each once', () => {
    const timers = new Timers()
    const asked: string[] = []
    const deadlines = new ClockDeadlines<Asked>(timers.context, ({ key }) => asked.push(key))
    for (const key of ['a', 'b', 'c', 'd', 'e']) deadlines.add(paneOf(key, 5))
    const perTurn: number[] = []
    do {
      timers.room = 2
      perTurn.push(asked.length)
    } while (timers.fire(5) === false)
    expect(perTurn).toEqual([0, 2, 4])
    expect(asked).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  test('are left out when they are over, or wait for another instant by then', () => {
    const timers = new Timers()
    const asked: string[] = []
    const deadlines = new ClockDeadlines<Asked>(timers.context, ({ key }) => asked.push(key))
    const over = paneOf('over', 5)
    const later = paneOf('later', 5)
    const twice = paneOf('twice', 5)
    for (const pane of [over, later, twice]) deadlines.add(pane)
    over.isOver = true
    deadlines.add(waitUntil(later, 9))
    // It went to another instant and came back.
    deadlines.add(waitUntil(twice, 7))
    deadlines.add(waitUntil(twice, 5))
    timers.fire(5)
    expect(asked).toEqual(['twice'])
    timers.fire(7)
    timers.fire(9)
    expect(asked).toEqual(['twice', 'later'])
  })

  test('may wait again when they are asked', () => {
    const timers = new Timers()
    const asked: string[] = []
    const deadlines: ClockDeadlines<Asked> = new ClockDeadlines<Asked>(timers.context, (pane) => {
      asked.push(`${pane.key} after ${pane.waiting?.deadline}`)
      if (asked.length <= 2) deadlines.add(waitUntil(pane, 10))
    })
    deadlines.add(paneOf('a', 5))
    deadlines.add(paneOf('b', 5))
    timers.fire(5)
    expect([...timers.set.keys()]).toEqual([10])
    timers.fire(10)
    expect(asked).toEqual(['a', 'b', 'a', 'b'].map((key) => `${key} after Infinity`))
  })
})

test('a pane that waits for the instant at which it is asked is asked by another timer', () => {
  const timers = new Timers()
  const asked: string[] = []
  const deadlines: ClockDeadlines<Asked> = new ClockDeadlines<Asked>(timers.context, (pane) => {
    asked.push(pane.key)
    if (asked.length <= 2) deadlines.add(waitUntil(pane, 5))
  })
  deadlines.add(paneOf('a', 5))
  deadlines.add(paneOf('b', 5))
  expect(timers.fire(5)).toBe(true)
  expect(asked).toEqual(['a', 'b'])
  expect(timers.fire(5)).toBe(true)
  expect(asked).toEqual(['a', 'b', 'a', 'b'])
  expect(timers.set.size).toBe(0)
})

/** Moves on whenever somebody looks at it. */
class TickingClock extends VirtualClock {
  isTicking = false
  #ticks = 0

  override now(): number {
    if (this.isTicking) this.#ticks += 1
    return super.now() + this.#ticks
  }
}

test.each([2, 3, 4])(
  'of a job whose clock moves on meanwhile, each pane is asked once (%d ms apart)',
  async (apart) => {
    const clock = new TickingClock()
    const source = new ScriptedSource<Element<number, string, undefined>>()
    let asked = 0
    const trigger: Trigger = repeatedly(afterProcessingTime(100))
    const counting: Trigger = {
      ...trigger,
      shouldFire(state, context) {
        asked += 1
        return trigger.shouldFire(state, context)
      },
    }
    let results = 0
    const job = run(source.values.pipe(window(tumbling(10), sum(), { trigger: counting })), () => void (results += 1), {
      clock,
    })
    source.give(event(1, 1, 'a'))
    await turns()
    clock.advanceTo(apart)
    source.give(event(1, 1, 'b'))
    await turns()
    clock.isTicking = true
    clock.advanceTo(100)
    clock.advanceTo(200)
    await turns()
    expect([asked, results]).toEqual([4, 2])
    await job.stop()
  },
)

/** Counts the alarms that are set. */
class CountingClock extends VirtualClock {
  alarms = 0

  override at(time: number, callback: () => void): () => void {
    this.alarms += 1
    return super.at(time, callback)
  }
}

test('of a job: a thousand panes have one alarm, and leave in batches', async () => {
  const clock = new CountingClock()
  const source = new ScriptedSource<Element<number, number, undefined>>()
  const batches: number[] = []
  const job = run(
    source.values.pipe(window(tumbling(10), sum(), { trigger: everyProcessingTime('1m') })),
    {
      name: 'batches',
      write(batch) {
        batches.push(batch.length)
      },
    },
    { clock, batchSize: 100 },
  )
  source.give(...Array.from({ length: 1_000 }, (_, n) => event(n, n % 10, n)))
  await turns()
  expect([clock.alarms, batches]).toEqual([1, []])
  clock.advanceTo(60_000)
  // What comes meanwhile is for the next minute.
  source.give(event(1, 1, 7))
  await turns(100)
  expect(batches.reduce((sum, length) => sum + length, 0)).toBe(1_000)
  // One more finds that the sink is full.
  expect(Math.max(...batches)).toBeLessThanOrEqual(101)
  clock.advanceTo(120_000)
  await turns()
  expect([clock.alarms, batches.at(-1)]).toEqual([2, 1])
  await job.stop()
})
