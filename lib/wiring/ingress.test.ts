import { merge as rxMerge, Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { assignTimestamps, type AssignTimestampsOptions, merge, values, window } from '../../operators/index.ts'
import { collect } from '../../testing/collect.ts'
import { sum } from '../aggregates/sum.ts'
import { tumbling } from '../windows/tumbling.ts'
import { VirtualClock } from '../clock.ts'
import { type Element, event, type Event, idle, watermark } from '../element.ts'
import { failureOf } from '../fixtures/failure.ts'
import { ScriptedSource } from '../fixtures/scripted-source.ts'
import { turns } from '../fixtures/turns.ts'
import type { Untimed } from './ingress.ts'
import { route, run, type RunningJob } from '../run.ts'
import { sideOutput } from './side-output.ts'
import { boundedOutOfOrderness } from '../watermarks/bounded-out-of-orderness.ts'
import { monotonous } from '../watermarks/monotonous.ts'
import type { WatermarkStrategy } from '../watermarks/watermark-strategy.ts'

type Elements = readonly Element<unknown, undefined, undefined>[]

describe('times', () => {
  test.each([0, -1, 5, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])('%d is a time', async (time) => {
    const elements = await collect(fromIterable(['a']).pipe(assignTimestamps(() => time, monotonous())))
    expect(elements).toEqual([event('a', time), watermark(time), watermark(Infinity)])
  })

  const invalid: readonly (readonly [unknown, string])[] = [
    [Number.NaN, 'NaN'],
    [1.5, '1.5'],
    [Infinity, 'Infinity'],
    [-Infinity, '-Infinity'],
    [2 ** 53, '9007199254740992'],
    [new Date(5), 'the Date 1970-01-01T00:00:00.005Z'],
    ['5', "'5'"],
    [5n, '5n'],
    [undefined, 'undefined'],
    [null, 'null'],
  ]

  test.each(invalid)('%s is none: the first one ends the job', async (time, shown) => {
    const pipeline = fromIterable([time]).pipe(assignTimestamps((value) => value as number, monotonous()))
    expect(await failureOf(run(pipeline, () => {}).done)).toMatchObject({
      code: 'invalid-time',
      operator: 'assignTimestamps',
      message: `assignTimestamps: expected an event time in whole milliseconds since the epoch, got ${shown}`,
    })
  })

  test('with an output for them, those without a time are counted and handed out, and the job goes on', async () => {
    const untimed = sideOutput<Untimed<unknown>>('untimed')
    const refused: Untimed<unknown>[] = []
    const taken: unknown[] = []
    const all = [1, ...invalid.map(([time]) => time), 2]
    const metrics = await run([
      route(
        fromIterable(all).pipe(
          assignTimestamps((value) => value as number, monotonous(), { untimed }),
          values(),
        ),
        (value) => void taken.push(value),
      ),
      route(untimed, (each) => void refused.push(each)),
    ]).done
    expect(taken).toEqual([1, 2])
    expect(refused.map(({ value }) => value)).toEqual(invalid.map(([time]) => time))
    expect(refused[1]).toEqual({
      value: 1.5,
      reason: 'expected an event time in whole milliseconds since the epoch, got 1.5',
    })
    expect(metrics.operators[0]).toMatchObject({ in: 12, out: 2, contributed: 2, refused: 10 })
    expect(metrics.balanced).toBe(true)
  })

  test('a function that throws is an error that names the operator', async () => {
    const boom = new Error('boom')
    const timeOf = (): never => {
      throw boom
    }
    const untimed = sideOutput<Untimed<number>>('untimed')
    const pipeline = fromIterable([1]).pipe(assignTimestamps(timeOf, monotonous(), { id: 'hits', untimed }))
    const error = await failureOf(run(pipeline, () => {}).done)
    expect(error).toMatchObject({ code: 'callback', message: 'hits: boom', operator: 'hits', cause: boom })
  })

  test('a strategy that throws is an error that names operator and time', async () => {
    const strategy: WatermarkStrategy<number> = {
      name: 'failing',
      idleTimeout: undefined,
      maxFutureSkew: undefined,
      create: () => ({
        onEvent() {
          throw new Error('boom')
        },
      }),
    }
    const error = await failureOf(run(fromIterable([7]).pipe(assignTimestamps((n) => n, strategy)), () => {}).done)
    expect(error).toMatchObject({ code: 'callback', message: 'assignTimestamps: boom (event time 7)', time: 7 })
  })
})

describe('watermarks', () => {
  const answers = (...given: readonly number[]): WatermarkStrategy<number> => ({
    name: 'given',
    idleTimeout: undefined,
    maxFutureSkew: undefined,
    create: () => ({ onEvent: (value) => given[value] ?? Number.NaN }),
  })

  test('rise, whatever the strategy answers, and the end is +Infinity', async () => {
    const source = fromIterable([0, 1, 2, 3, 4, 5])
    const strategy = answers(-Infinity, 5, 5, 4, Number.NaN, 6)
    const elements = await collect(source.pipe(assignTimestamps(() => 9, strategy)))
    const shown = elements.map((element) =>
      element.kind === 'watermark' ? `~${element.time}` : element.kind === 'event' ? element.value : 'idle',
    )
    expect(shown).toEqual([0, 1, '~5', 2, 3, 4, 5, '~6', '~Infinity'])
  })

  test('follow the event they are made from', async () => {
    const elements = await collect(fromIterable([5]).pipe(assignTimestamps((n) => n, boundedOutOfOrderness(2))))
    expect(elements).toEqual([event(5, 5), watermark(3), watermark(Infinity)])
  })

  test('are made anew for each run', async () => {
    const pipeline = fromIterable([5]).pipe(assignTimestamps((n) => n, monotonous()))
    expect(await collect(pipeline)).toEqual(await collect(pipeline))
  })
})

describe('the future', () => {
  const strategy = monotonous({ maxFutureSkew: 100 })

  async function runAt(
    clock: VirtualClock,
    times: readonly number[],
    options: AssignTimestampsOptions<number>,
  ): Promise<{ elements: Elements; refused: number }> {
    const elements: Element<number, undefined, undefined>[] = []
    const metrics = await run(
      fromIterable(times).pipe(assignTimestamps((n) => n, strategy, options)),
      (element) => void elements.push(element),
      { clock },
    ).done
    expect(metrics.balanced).toBe(true)
    return { elements, refused: metrics.operators[0]?.refused ?? Number.NaN }
  }

  test('begins 1 ms after the skew: what is there does not move the watermark, and is counted', async () => {
    const { elements, refused } = await runAt(new VirtualClock(1_000), [1_100, 1_101, 900, 9_999, 1_100], {})
    expect(elements).toEqual([
      event(1_100, 1_100),
      watermark(1_100),
      event(900, 900),
      event(1_100, 1_100),
      watermark(Infinity),
    ])
    expect(refused).toBe(2)
  })

  test('moves with the clock', async () => {
    const clock = new VirtualClock(1_000)
    const source = new ScriptedSource<number>().give(1_101)
    const taken: number[] = []
    const job = run(
      source.values.pipe(
        assignTimestamps((n) => n, strategy),
        values(),
      ),
      (n) => void taken.push(n),
      { clock },
    )
    await turns()
    clock.advanceTo(1_001)
    source.give(1_101, 1_102).end()
    await job.done
    expect(taken).toEqual([1_101])
  })

  test('goes to its output, which ends with the input', async () => {
    const future = sideOutput<Event<number, undefined, undefined>>('future')
    const ahead: unknown[] = []
    const source = fromIterable([1, 500, 2]).pipe(
      assignTimestamps((n) => n, strategy, { future }),
      values(),
    )
    const metrics = await run([route(source, () => {}), route(future, (each) => void ahead.push(each))], {
      clock: new VirtualClock(0),
    }).done
    expect(ahead).toEqual([event(500, 500)])
    expect(metrics.operators[0]).toMatchObject({ in: 3, out: 2, refused: 1, watermark: Infinity })
  })
})

describe('idleness', () => {
  const strategy = monotonous({ idleTimeout: 100 })

  interface Run {
    readonly clock: VirtualClock
    readonly elements: Element<number, undefined, undefined>[]
    readonly job: RunningJob
  }

  function start(pipeline: Parameters<typeof run<Element<number, undefined, undefined>>>[0]): Run {
    const clock = new VirtualClock()
    const elements: Element<number, undefined, undefined>[] = []
    return { clock, elements, job: run(pipeline, (element) => void elements.push(element), { clock }) }
  }

  test('of a quiet source is declared exactly at the timeout, and ends with its next event; and again', async () => {
    const source = new ScriptedSource<number>().give(1)
    const { clock, elements, job } = start(source.values.pipe(assignTimestamps((n) => n, strategy)))
    await turns()
    clock.advanceTo(99)
    await turns()
    expect(elements).toEqual([event(1, 1), watermark(1)])
    clock.advanceTo(100)
    await turns()
    expect(elements.splice(0)).toEqual([event(1, 1), watermark(1), idle])
    clock.advanceTo(1_000)
    source.give(2)
    await turns()
    expect(elements.splice(0)).toEqual([event(2, 2), watermark(2)])
    clock.advanceTo(1_099)
    await turns()
    expect(elements).toEqual([])
    clock.advanceTo(1_100)
    await turns()
    expect(elements).toEqual([idle])
    await job.stop()
  })

  test('of an observable that pushes is declared just so, and again', async () => {
    const numbers = new Subject<number>()
    const { clock, elements, job } = start(numbers.pipe(assignTimestamps((n) => n, strategy)))
    await turns()
    clock.advanceTo(99)
    numbers.next(1)
    clock.advanceTo(198)
    await turns()
    expect(elements.splice(0)).toEqual([event(1, 1), watermark(1)])
    clock.advanceTo(199)
    await turns()
    expect(elements.splice(0)).toEqual([idle])
    clock.advanceTo(1_000)
    numbers.next(2)
    clock.advanceTo(1_099)
    await turns()
    expect(elements.splice(0)).toEqual([event(2, 2), watermark(2)])
    clock.advanceTo(1_100)
    await turns()
    expect(elements).toEqual([idle])
    await job.stop()
  })

  test('of what pushes nothing at all counts from the start', async () => {
    const { clock, elements, job } = start(new Subject<number>().pipe(assignTimestamps((n) => n, strategy)))
    await turns()
    clock.advanceTo(100)
    await turns()
    expect(elements).toEqual([idle])
    await job.stop()
  })

  test('of what pushes is declared also when a source beside it has ended', async () => {
    const numbers = new Subject<number>()
    const source = new ScriptedSource<number>().give(1).end()
    const { clock, elements, job } = start(rxMerge(source.values, numbers).pipe(assignTimestamps((n) => n, strategy)))
    await turns()
    clock.advanceTo(100)
    await turns()
    expect(elements).toEqual([event(1, 1), watermark(1), idle])
    await job.stop()
  })

  test('does not come over a source that is held back by a slow sink', async () => {
    const clock = new VirtualClock()
    const source = new ScriptedSource<number>()
    const elements: unknown[] = []
    let release = (): void => {}
    const job = run(
      source.values.pipe(assignTimestamps((n) => n, strategy)),
      async (element) => {
        elements.push(element)
        if (element.kind === 'event') await new Promise<void>((resolve) => (release = resolve))
      },
      { clock },
    )
    await turns()
    clock.advanceTo(50)
    source.give(1).give(2)
    await turns()
    clock.advanceTo(5_000)
    release()
    await turns()
    clock.advanceTo(9_000)
    release()
    await turns()
    // From here on it is asked, and silent.
    clock.advanceTo(9_099)
    await turns()
    expect(elements).toEqual([event(1, 1), watermark(1), event(2, 2), watermark(2)])
    clock.advanceTo(9_100)
    await turns()
    expect(elements.at(-1)).toEqual(idle)
    await job.stop()
  })

  test('does not come over a source that waits for another one', async () => {
    const clock = new VirtualClock()
    const [slow, ready] = [new ScriptedSource<number>('slow'), new ScriptedSource<number>('ready').give(5, 6)]
    const elements: unknown[] = []
    const job = run(
      merge(
        slow.values.pipe(assignTimestamps((n) => n, monotonous())),
        ready.values.pipe(assignTimestamps((n) => n, strategy)),
      ),
      (element) => void elements.push(element),
      { clock },
    )
    await turns()
    clock.advanceTo(5_000)
    await turns()
    expect(elements).toEqual([])
    slow.give(9)
    await turns()
    expect(elements).toEqual([event(9, 9), event(5, 5), watermark(5), event(6, 6), watermark(6)])
    await job.stop()
  })

  test('lets the others go on; who resumes behind them holds nothing back until it has caught up', async () => {
    const clock = new VirtualClock()
    const [quiet, busy] = [new ScriptedSource<number>('quiet').give(1), new ScriptedSource<number>('busy').give(10)]
    const elements: unknown[] = []
    const job = run(
      merge(
        quiet.values.pipe(assignTimestamps((n) => n, strategy)),
        busy.values.pipe(assignTimestamps((n) => n, monotonous())),
      ),
      (element) => void elements.push(element),
      { clock },
    )
    await turns()
    expect(elements.splice(0)).toEqual([event(1, 1), event(10, 10), watermark(1)])
    clock.advanceTo(100)
    await turns()
    expect(elements.splice(0)).toEqual([watermark(10)])
    busy.give(20)
    await turns()
    expect(elements.splice(0)).toEqual([event(20, 20), watermark(20)])
    quiet.give(5, 25)
    await turns()
    expect(elements.splice(0)).toEqual([event(5, 5), event(25, 25)])
    busy.give(30)
    await turns()
    expect(elements.splice(0)).toEqual([event(30, 30), watermark(25)])
    await job.stop()
  })

  test('of the last of several makes the whole idle, and releases the largest watermark', async () => {
    const clock = new VirtualClock()
    const [one, two] = [new ScriptedSource<number>('one').give(1), new ScriptedSource<number>('two').give(10)]
    const elements: unknown[] = []
    const stream = merge(
      one.values.pipe(assignTimestamps((n) => n, monotonous({ idleTimeout: 100 }))),
      two.values.pipe(assignTimestamps((n) => n, monotonous({ idleTimeout: 200 }))),
    )
    const job = run(stream.pipe(window(tumbling(5), sum())), (element) => void elements.push(element), { clock })
    await turns()
    expect(elements.splice(0)).toEqual([watermark(1)])
    clock.advanceTo(100)
    await turns()
    expect(elements.splice(0)).toEqual([expect.objectContaining({ value: 1, time: 4 }), watermark(10)])
    clock.advanceTo(200)
    await turns()
    expect(elements.splice(0)).toEqual([idle])
    two.give(16)
    await turns()
    expect(elements.splice(0)).toEqual([expect.objectContaining({ value: 10, time: 14 }), watermark(16)])
    await job.stop()
  })

  test('is no end: the watermark stays where it was, and windows stay open', async () => {
    const source = new ScriptedSource<number>().give(1)
    const clock = new VirtualClock()
    const taken: number[] = []
    const pipeline = source.values.pipe(
      assignTimestamps((n) => n, strategy),
      window(tumbling(10), sum()),
      values(),
    )
    const job = run(pipeline, (n) => void taken.push(n), { clock })
    await turns()
    clock.advanceTo(10_000)
    await turns()
    expect(taken).toEqual([])
    source.give(2).end()
    await job.done
    expect(taken).toEqual([3])
  })
})
