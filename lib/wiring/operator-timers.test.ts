// Timers of machines: when they fire, and that none outlives its job.
import { Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { values } from '../../operators/index.ts'
import { VirtualClock } from '../clock.ts'
import { event, watermark } from '../element.ts'
import { failureOf } from '../fixtures/failure.ts'
import { ScriptedSource } from '../fixtures/scripted-source.ts'
import { turns } from '../fixtures/turns.ts'
import { run } from '../run.ts'
import {
  type NumberElement,
  type Context,
  type NumberMachine,
  timestamps,
  operator,
  finishing,
} from '../fixtures/tested-operator.ts'

describe('timers', () => {
  interface Timed {
    readonly clock: VirtualClock
    readonly log: string[]
    readonly source: ScriptedSource<number>
    readonly stop: () => Promise<unknown>
    readonly context: Context
  }

  async function start(): Promise<Timed> {
    const clock = new VirtualClock()
    const log: string[] = []
    const source = new ScriptedSource<number>()
    let context: Context | undefined
    const stream = operator(source.values.pipe(timestamps), (given) => {
      context = given
      return { onEvent: (each) => given.emit(each), contributed: () => given.counters.in }
    })
    const job = run(
      stream,
      (element) => void log.push(element.kind === 'event' ? `event ${element.value}` : element.kind),
      { clock },
    )
    await turns()
    if (context === undefined) throw new Error('expected a context')
    return { clock, log, source, context, stop: () => job.stop() }
  }

  test('fire in the order of times and then of setting, and what they emit leaves', async () => {
    const { clock, log, context, stop } = await start()
    const fire =
      (name: number) =>
      (time: number): boolean => {
        log.push(`timer ${name} of ${time}`)
        context.emit(event(name, time))
        return true
      }
    context.setTimer(20, fire(3))
    context.setTimer(10, fire(1))
    context.setTimer(10, fire(2))
    const cancel = context.setTimer(10, fire(9))
    cancel()
    clock.advanceTo(30)
    await turns()
    expect(log.filter((line) => line.startsWith('timer'))).toEqual(['timer 1 of 10', 'timer 2 of 10', 'timer 3 of 20'])
    expect(log.filter((line) => line.startsWith('event'))).toEqual(['event 1', 'event 2', 'event 3'])
    await stop()
  })

  test('that are set for a time that has passed fire next', async () => {
    const { clock, log, context, source, stop } = await start()
    clock.advanceTo(100)
    context.setTimer(
      50,
      finishing(() => log.push('timer')),
    )
    source.give(1)
    await turns()
    expect(log).toContain('timer')
    await stop()
  })

  test('fire between chunks, never amid one', async () => {
    const { clock, log, context, source, stop } = await start()
    context.setTimer(
      10,
      finishing(() => log.push('timer')),
    )
    source.give(1, 2).give(3)
    const taken = log.length
    clock.advanceTo(10)
    await turns()
    expect(log.slice(taken).filter((line) => line !== 'watermark')).toEqual(['timer', 'event 1', 'event 2', 'event 3'])
    await stop()
  })

  test('that are due amid a chunk fire behind it', async () => {
    const clock = new VirtualClock()
    const log: string[] = []
    const source = new ScriptedSource<number>().give(1, 2).give(3)
    const stream = operator(source.values.pipe(timestamps), (context) => {
      context.setTimer(
        10,
        finishing(() => log.push('timer')),
      )
      return {
        onEvent(each) {
          if (each.value === 1) clock.advanceTo(10)
          log.push(`event ${each.value}`)
          context.emit(each)
        },
      }
    })
    const job = run(stream, () => {}, { clock })
    await turns()
    expect(log).toEqual(['event 1', 'event 2', 'timer', 'event 3'])
    await job.stop()
  })

  test('do not fire when the job is over', async () => {
    const { clock, log, context, stop } = await start()
    context.setTimer(
      10,
      finishing(() => log.push('timer')),
    )
    await stop()
    clock.advanceTo(10)
    await turns()
    expect(log).toEqual([])
  })

  test('keep no alarm of the clock when the job is over', async () => {
    let standing = 0
    class CountingClock extends VirtualClock {
      override at(time: number, callback: () => void): () => void {
        const cancel = super.at(time, callback)
        standing += 1
        return () => {
          standing -= 1
          cancel()
        }
      }
    }
    const stream = operator(new ScriptedSource<number>().values.pipe(timestamps), (context) => {
      context.setTimer(10, () => true)
      return { onEvent() {} }
    })
    const job = run(stream, () => {}, { clock: new CountingClock() })
    await turns()
    expect(standing).toBe(1)
    await job.stop()
    expect(standing).toBe(0)
  })

  test('whose callback throws end the job', async () => {
    const clock = new VirtualClock()
    const stream = operator(new ScriptedSource<number>().values.pipe(timestamps), (context) => {
      context.setTimer(10, () => {
        throw new Error('boom')
      })
      return { onEvent() {} }
    })
    const job = run(stream, () => {}, { clock })
    await turns()
    clock.advanceTo(10)
    expect(await failureOf(job.done)).toMatchObject({ code: 'callback', message: 'tested: boom', operator: 'tested' })
  })

  describe('that have more to emit than a turn takes', () => {
    /** Emits as many values as each timer is told to, those of the first from 100, of the second from 200. */
    function bursts(...counts: readonly number[]): (context: Context) => NumberMachine {
      return (context) => {
        for (const [i, count] of counts.entries()) {
          let emitted = 0
          context.setTimer(10, (time) => {
            while (emitted < count) {
              context.emit(event((i + 1) * 100 + emitted, time))
              emitted += 1
              if (!context.hasRoom()) return false
            }
            return true
          })
        }
        return { onEvent: (each) => context.emit(each), contributed: () => context.counters.in }
      }
    }

    test.each([1, 2, 3, 1_024])('go on in later turns, one after the other (%d at a time)', async (batchSize) => {
      const clock = new VirtualClock()
      const source = new ScriptedSource<number>()
      const log: string[] = []
      const job = run(
        operator(source.values.pipe(timestamps), bursts(3, 0, 4)),
        (element) => void log.push(element.kind === 'event' ? `${element.value}` : element.kind),
        { clock, batchSize },
      )
      await turns()
      clock.advanceTo(10)
      source.give(1)
      await turns()
      expect(log).toEqual(['100', '101', '102', '300', '301', '302', '303', '1', 'watermark'])
      await job.stop()
    })

    test.each([1, 2, 1_024])('are done before what is pushed meanwhile (%d at a time)', async (batchSize) => {
      const clock = new VirtualClock()
      const source = new Subject<NumberElement>()
      const log: string[] = []
      const job = run(
        operator(source, bursts(5)),
        (element) => void log.push(element.kind === 'event' ? `${element.value}` : element.kind),
        { clock, batchSize },
      )
      await turns()
      clock.advanceTo(10)
      source.next(watermark(5))
      source.next(event(1, 7))
      source.complete()
      await job.done
      expect(log).toEqual(['100', '101', '102', '103', '104', 'watermark', '1', 'watermark'])
    })
  })

  test('and events of one chunk see one processing time', async () => {
    const clock = new VirtualClock()
    const source = new ScriptedSource<number>().give(1, 2).give(3)
    const seen: (readonly [number, number])[] = []
    const job = run(
      operator(source.values.pipe(timestamps), (context) => ({
        onEvent(each) {
          seen.push([each.value, context.now])
          clock.advanceTo(each.value * 100)
        },
        contributed: () => context.counters.in,
      })).pipe(values()),
      () => {},
      { clock },
    )
    await turns()
    expect(seen).toEqual([
      [1, 0],
      [2, 0],
      [3, 200],
    ])
    await job.stop()
  })

  test('with the real clock wake a job that waits', async () => {
    const log: number[] = []
    const stream = operator(new ScriptedSource<number>().values.pipe(timestamps), (context) => {
      context.setTimer(
        Date.now() + 2,
        finishing(() => context.emit(event(1, 1))),
      )
      return { onEvent() {}, contributed: () => 0 }
    })
    await new Promise<void>((resolve) => {
      const job = run(stream, (element) => {
        if (element.kind === 'event') log.push(element.value)
        resolve(job.stop().then(() => {}))
      })
    })
    expect(log).toEqual([1])
  })
})
