import { from, map as rxMap, type Observable, Subject, tap } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { assignTimestamps, filter, flatMap, keyBy, map, merge, panes, values, window } from '../../operators/index.ts'
import { collect } from '../../testing/collect.ts'
import { runMarbles } from '../../testing/run-marbles.ts'
import { count } from '../aggregates/count.ts'
import { sum } from '../aggregates/sum.ts'
import { tumbling } from '../windows/tumbling.ts'
import { VirtualClock } from '../clock.ts'
import { type Element, event, type Event, idle, type Stream, watermark } from '../element.ts'
import { TidemarkError } from '../errors.ts'
import { failureOf } from '../fixtures/failure.ts'
import { ScriptedSource } from '../fixtures/scripted-source.ts'
import { turns } from '../fixtures/turns.ts'
import { isInsertOnlyStream } from './flow.ts'
import type { Machine, OperatorContext } from './machine.ts'
import { defineOperator } from './operator.ts'
import { route, run } from '../run.ts'
import { sideOutput } from './side-output.ts'
import { monotonous } from '../watermarks/monotonous.ts'

type Numbers = Stream<number, undefined, undefined>
type NumberElement = Element<number, undefined, undefined>
type Context = OperatorContext<Event<number, undefined, undefined>>
type NumberMachine = Machine<Event<number, undefined, undefined>>

const timestamps = assignTimestamps((n: number) => n, monotonous())
const numbers = (...times: readonly number[]): Numbers => fromIterable(times).pipe(timestamps)
const end = watermark(Infinity)

/** An operator of a test. */
const operator = (source: Numbers, create: (context: Context) => NumberMachine, id?: string): Numbers =>
  defineOperator<Event<number, undefined, undefined>, Event<number, undefined, undefined>>([source], {
    name: 'tested',
    id,
    create,
  })

/** What a timer does that has nothing left over. */
const finishing = (work: () => void) => (): boolean => {
  work()
  return true
}

/** Lets everything pass, and notes what the machine is called with. */
const passing =
  (log: string[]): ((context: Context) => NumberMachine) =>
  (context) => ({
    onEvent(each) {
      log.push(`event ${each.value} at ${context.watermark}`)
      context.emit(each)
    },
    onWatermark(time) {
      log.push(`watermark ${time}`)
      return true
    },
  })

describe('the watermark', () => {
  test('of the input reaches the machine and then what is behind, if it has risen', async () => {
    const log: string[] = []
    const elements: readonly NumberElement[] = [
      watermark(5),
      event(6, 6),
      watermark(5),
      watermark(4),
      watermark(-Infinity),
      event(1, 1),
      watermark(7),
    ]
    expect(await collect(operator(from(elements), passing(log)))).toEqual([
      watermark(5),
      event(6, 6),
      event(1, 1),
      watermark(7),
      end,
    ])
    expect(log).toEqual(['watermark 5', 'event 6 at 5', 'event 1 at 5', 'watermark 7', 'watermark Infinity'])
  })

  test('is +Infinity at the end though nobody said so, and only once', async () => {
    expect(await collect(operator(from<NumberElement[]>([]), passing([])))).toEqual([end])
    expect(await collect(operator(from([end]), passing([])))).toEqual([end])
  })

  test('of several inputs is the lowest', async () => {
    const log: string[] = []
    const [one, two] = [new Subject<NumberElement>(), new Subject<NumberElement>()]
    const inputs: number[] = []
    const both = defineOperator<Event<number, undefined, undefined>, Event<number, undefined, undefined>>([one, two], {
      name: 'both',
      create: (context) => ({
        onEvent(each, input) {
          inputs.push(input)
          context.emit(each)
        },
      }),
    })
    const job = run(
      both,
      (element) => void log.push(element.kind === 'event' ? `${element.value}` : JSON.stringify(element)),
    )
    await turns()
    one.next(watermark(5))
    one.next(event(7, 7))
    two.next(event(3, 3))
    two.next(watermark(9))
    one.complete()
    two.next(event(10, 10))
    await turns()
    expect(log).toEqual(['7', '3', '{"kind":"watermark","time":5}', '{"kind":"watermark","time":9}', '10'])
    expect(inputs).toEqual([0, 1, 1])
    two.complete()
    await job.done
    expect(log.slice(5)).toEqual(['{"kind":"watermark","time":null}'])
  })
})

describe('idleness', () => {
  /** Plays elements into inputs, and says what came out at each. */
  async function play(...steps: readonly (readonly [number, NumberElement | 'end'])[]): Promise<string[]> {
    const inputs = [new Subject<NumberElement>(), new Subject<NumberElement>()]
    const seen: string[] = []
    const job = run(merge(...inputs), (element) => {
      if (element.kind === 'event') seen.push(`${element.value}`)
      else seen.push(element.kind === 'idle' ? 'idle' : `~${element.time}`)
    })
    await turns()
    const log: string[] = []
    for (const [input, element] of steps) {
      if (element === 'end') inputs[input]?.complete()
      else inputs[input]?.next(element)
      await turns(3)
      log.push(seen.splice(0).join(' '))
    }
    await job.stop()
    return log
  }

  test('of one input no longer holds the others back', async () => {
    expect(await play([0, watermark(3)], [1, watermark(9)], [0, idle])).toEqual(['', '~3', '~9'])
  })

  test('ends with the next event; who is behind then holds nothing back', async () => {
    expect(
      await play(
        [0, watermark(3)],
        [0, idle],
        [1, watermark(9)],
        [0, event(4, 4)],
        [1, watermark(11)],
        [0, watermark(10)],
        [0, watermark(12)],
        [1, watermark(20)],
      ),
    ).toEqual(['', '', '~9', '4', '~11', '', '', '~12'])
  })

  test('of all inputs is passed on once, with the largest watermark before it; and again after an event', async () => {
    expect(
      await play([0, watermark(5)], [0, idle], [1, watermark(3)], [1, idle], [1, idle], [0, event(6, 6)], [0, idle]),
    ).toEqual(['', '', '~3', '~5 idle', '', '6', 'idle'])
  })

  test('an input that ends while the other is idle leaves the whole idle', async () => {
    expect(await play([0, idle], [1, watermark(4)], [1, 'end'], [0, 'end'])).toEqual(['', '~4', 'idle', '~Infinity'])
  })

  test('ends for those behind an operator that lets no event through: windows go on firing', async () => {
    const { actual, expected } = await runMarbles<number>(
      `
      in   1@1  idle  2@12  ~15
      out                   [0,10)=1
      `,
      ({ in: source }) => ({
        out: source.pipe(
          filter((n) => n === 1),
          map((n) => n),
          window(tumbling(10), sum()),
        ),
      }),
    )
    expect(actual).toBe(expected)
  })

  test('passes through operators with one input', async () => {
    const elements: readonly NumberElement[] = [event(1, 1), watermark(1), idle, event(2, 2), watermark(2)]
    expect(await collect(from(elements).pipe(map((n) => n)))).toEqual([...elements, end])
  })
})

describe('a firing in slices', () => {
  const pushes: readonly (readonly [number, string])[] = [
    [1, 'a'],
    [2, 'b'],
    [3, 'c'],
    [4, 'd'],
    [5, 'e'],
  ]

  /** Sums by ten and key, in front of which stands what pushes. */
  function keyedSums(allowedLateness: number): {
    readonly source: Subject<readonly [number, string]>
    readonly pipeline: Observable<string>
  } {
    const source = new Subject<readonly [number, string]>()
    const pipeline = source.pipe(
      assignTimestamps(([time]) => time, monotonous()),
      keyBy(([, key]) => key),
      map(([time]) => time),
      window(tumbling(10), sum(), { allowedLateness }),
      panes(),
    )
    return { source, pipeline: pipeline.pipe(describePane) }
  }

  test.each([1, 2, 3, 1_024])('gives the same results in the same order (%d at a time)', async (batchSize) => {
    const { source, pipeline } = keyedSums(0)
    const taken: string[] = []
    const job = run(pipeline, (pane) => void taken.push(pane), { batchSize })
    await turns()
    for (const push of pushes) source.next(push)
    source.next([25, 'f'])
    await turns()
    source.complete()
    await job.done
    expect(taken).toEqual([
      'a=1 on-time last',
      'b=2 on-time last',
      'c=3 on-time last',
      'd=4 on-time last',
      'e=5 on-time last',
      'f=25 on-time last',
    ])
  })

  test.each([1, 2, 3, 1_024])(
    'is finished before what is pushed meanwhile: an event (%d at a time)',
    async (batchSize) => {
      const { source, pipeline } = keyedSums(100)
      const taken: string[] = []
      const job = run(pipeline, (pane) => void taken.push(pane), { batchSize })
      await turns()
      for (const push of pushes) source.next(push)
      source.next([25, 'f'])
      // The firing has begun. A late event for a pane that has left, and one for a pane that has not.
      source.next([6, 'a'])
      source.next([6, 'e'])
      await turns()
      expect(taken).toEqual([
        'a=1 on-time',
        'b=2 on-time',
        'c=3 on-time',
        'd=4 on-time',
        'e=5 on-time',
        'a=7 late',
        'e=11 late',
      ])
      await job.stop()
    },
  )

  test.each([1, 2, 1_024])(
    'is not changed by a watermark that is pushed meanwhile (%d at a time)',
    async (batchSize) => {
      const elements = new Subject<Element<number, string, undefined>>()
      const taken: string[] = []
      const pipeline = elements.pipe(window(tumbling(10), sum(), { allowedLateness: 100 }), panes(), describePane)
      const job = run(pipeline, (pane) => void taken.push(pane), { batchSize })
      await turns()
      for (const [time, key] of pushes) elements.next(event(time, time, key))
      elements.next(watermark(25))
      elements.next(watermark(500))
      elements.next(idle)
      await turns()
      // At 25 there may be late panes to come, so none of these is the last.
      expect(taken).toEqual(['a=1 on-time', 'b=2 on-time', 'c=3 on-time', 'd=4 on-time', 'e=5 on-time'])
      await job.stop()
    },
  )

  test.each([1, 2, 1_024])('is finished before the end that is pushed meanwhile (%d at a time)', async (batchSize) => {
    const { source, pipeline } = keyedSums(100)
    const taken: string[] = []
    const job = run(pipeline, (pane) => void taken.push(pane), { batchSize })
    await turns()
    for (const push of pushes) source.next(push)
    source.next([25, 'f'])
    source.complete()
    const metrics = await job.done
    expect(taken).toEqual([
      'a=1 on-time',
      'b=2 on-time',
      'c=3 on-time',
      'd=4 on-time',
      'e=5 on-time',
      'f=25 on-time last',
    ])
    expect(metrics.operators.at(-1)).toMatchObject({ id: 'window', in: 6, contributed: 6, entries: 0 })
  })

  test.each([1, 2, 1_024])(
    'is finished as it began before an end without a watermark (%d at a time)',
    async (batchSize) => {
      const elements = new Subject<Element<number, string, undefined>>()
      const taken: string[] = []
      const job = run(
        elements.pipe(window(tumbling(10), sum(), { allowedLateness: 100 }), panes(), describePane),
        (pane) => void taken.push(pane),
        { batchSize },
      )
      await turns()
      for (const [time, key] of pushes) elements.next(event(time, time, key))
      elements.next(watermark(25))
      elements.complete()
      await job.done
      expect(taken).toEqual(['a=1 on-time', 'b=2 on-time', 'c=3 on-time', 'd=4 on-time', 'e=5 on-time'])
    },
  )

  test.each([1, 2, 1_024])('is not upset by what its results push back into it (%d at a time)', async (batchSize) => {
    const elements = new Subject<Element<number, string, undefined>>()
    const taken: string[] = []
    const pipeline = elements.pipe(
      window(tumbling(10), count()),
      panes(),
      tap(({ window: { end: closed }, key }) => {
        if (key !== 'a') return
        elements.next(event(0, closed + 30, 'back'))
        elements.next(watermark(closed + 25))
      }),
      rxMap(({ window: { start }, key, value }) => `${start} ${key}=${value}`),
    )
    const job = run(pipeline, (pane) => void taken.push(pane), { batchSize })
    await turns()
    for (const time of [1, 11, 21]) for (const key of ['a', 'b']) elements.next(event(0, time, key))
    elements.next(watermark(30))
    await turns()
    elements.complete()
    const metrics = await job.done
    expect(taken).toEqual([
      '0 a=1',
      '0 b=1',
      '10 a=1',
      '10 b=1',
      '20 a=1',
      '20 b=1',
      '40 back=1',
      '50 back=1',
      '60 back=1',
    ])
    expect(metrics.operators.at(-1)).toMatchObject({ in: 9, contributed: 9, watermark: Infinity })
  })

  test('lets nothing else flow: no chunk is read, no timer fires', async () => {
    const clock = new VirtualClock()
    const log: string[] = []
    const source = new ScriptedSource<number>().give(1, 2, 3, 11)
    const timers = (stream: Numbers): Numbers =>
      operator(stream, (context) => {
        context.setTimer(
          50,
          finishing(() => log.push('timer')),
        )
        return { onEvent: (each) => context.emit(each) }
      })
    const pipeline = source.values.pipe(
      timestamps,
      timers,
      keyBy((n) => n),
      window(tumbling(10), count()),
      values(),
    )
    const job = run(
      pipeline,
      () => {
        log.push(`result, ${source.reads} reads`)
        clock.advanceTo(50)
      },
      { clock, batchSize: 1 },
    )
    await turns()
    expect(log).toEqual(['result, 2 reads', 'result, 2 reads', 'result, 2 reads', 'timer'])
    await job.stop()
  })
})

/** A pane in a few words. */
function describePane(
  source: Observable<{
    readonly key: string
    readonly value: number
    readonly timing: string
    readonly isLast: boolean
  }>,
): Observable<string> {
  return source.pipe(rxMap(({ key, value, timing, isLast }) => `${key}=${value} ${timing}${isLast ? ' last' : ''}`))
}

describe('what may be taken back', () => {
  const pushed = from([event(1, 1)])
  const giving = (source: Numbers, retracts?: 'always' | 'never'): Numbers =>
    defineOperator<Event<number, undefined, undefined>, Event<number, undefined, undefined>>([source], {
      name: 'giving',
      ...(retracts === undefined ? {} : { retracts }),
      create: (context) => ({ onEvent: (each) => context.emit(each) }),
    })

  test.each<[string, Numbers, boolean]>([
    ['with timestamps', numbers(1), true],
    ['of RxJS, of which nothing is known', pushed, false],
    ['behind what passes on what it gets', giving(numbers(1)), true],
    ['behind what passes on what it gets, of RxJS', giving(pushed), false],
    ['behind what revises its results', giving(numbers(1), 'always'), false],
    ['behind what never does', giving(pushed, 'never'), true],
    ['of several, none of which takes back', merge(numbers(1), numbers(2)), true],
    ['of several, one of which may', merge(numbers(1), giving(numbers(2), 'always')), false],
  ])('is known of a stream %s, and told to the machine', async (_, stream, isInsertOnly) => {
    expect(isInsertOnlyStream(stream)).toBe(isInsertOnly)
    let told: boolean | undefined
    const asking = operator(stream, (context) => {
      told = context.isInsertOnly
      return { onEvent: (each) => context.emit(each) }
    })
    await collect(asking)
    expect(told).toBe(isInsertOnly)
  })
})

describe('ids', () => {
  const idsOf = async (pipeline: Observable<unknown>): Promise<string[]> =>
    (await run(pipeline, () => {}).done).operators.map(({ id }) => id)
  const pass =
    (id?: string) =>
    (source: Numbers): Numbers =>
      operator(source, passing([]), id)

  test('are the names, numbered where a job has several, from the end of the pipeline', async () => {
    const pipeline = numbers(1).pipe(
      pass(),
      pass(),
      map((n) => n),
      pass(),
    )
    expect(await idsOf(pipeline)).toEqual(['assignTimestamps', 'tested#3', 'tested#2', 'map', 'tested'])
  })

  test('can be given, and a number goes round them', async () => {
    expect(await idsOf(numbers(1).pipe(pass(), pass('mine'), pass('tested#2'), pass()))).toEqual([
      'assignTimestamps',
      'tested#3',
      'mine',
      'tested#2',
      'tested',
    ])
  })

  test.each([
    ['mine', 'mine'],
    [undefined, 'tested'],
  ])('that are given twice are refused (%s)', async (upstream, downstream) => {
    const error = await failureOf(run(numbers(1).pipe(pass(downstream), pass(upstream)), () => {}).done)
    expect(error).toMatchObject({
      code: 'wiring',
      message: `tested: expected an id that no other operator of the job has, got '${downstream}'`,
    })
  })
})

describe('an error of a callback', () => {
  const boom = new Error('boom')
  const failing = (n: number): number => {
    if (n === 2) throw boom
    return n
  }

  test('names operator, key and event time, and closes the source', async () => {
    const source = new ScriptedSource<number>().give(1, 2, 3)
    const pipeline = source.values.pipe(
      timestamps,
      keyBy((n) => `k${n}`),
      map(failing),
    )
    const error = await failureOf(run(pipeline, () => {}).done)
    expect(error).toEqual(
      new TidemarkError('callback', "map: boom (key 'k2', event time 2)", {
        cause: boom,
        operator: 'map',
        key: 'k2',
        time: 2,
      }),
    )
    expect(source.closed).toBe(1)
  })

  test('is told once, to each subscriber', async () => {
    const source = new ScriptedSource<number>().give(1, 2, 3)
    const late = sideOutput<Event<number, undefined, undefined>>('late')
    const log: unknown[] = []
    late.subscribe({ error: (error: unknown) => log.push(error) })
    source.values.pipe(timestamps, map(failing), window(tumbling(10), sum(), { late }), values()).subscribe({
      next: () => log.push('next'),
      error: (error: unknown) => log.push(error),
      complete: () => log.push('complete'),
    })
    await turns()
    const error: unknown = expect.objectContaining({ code: 'callback', message: 'map: boom (event time 2)' })
    expect(log).toEqual([error, error])
    expect(source.closed).toBe(1)
  })

  test('is not blamed on those upstream of it, however it comes about', async () => {
    const pipeline = numbers(1, 2).pipe(
      flatMap((n) => [n]),
      filter(() => true),
      map(failing),
      values(),
    )
    expect(await failureOf(run(pipeline, () => {}).done)).toMatchObject({ operator: 'map' })
  })

  test('at a watermark names the operator', async () => {
    const broken = operator(numbers(1), () => ({
      onEvent() {},
      onWatermark() {
        throw boom
      },
    }))
    expect(await failureOf(run(broken, () => {}).done)).toMatchObject({ code: 'callback', message: 'tested: boom' })
  })

  test('of an aggregate as it fires names window, key and time', async () => {
    const pipeline = numbers(1).pipe(
      keyBy(() => 'k'),
      window(tumbling(10), {
        name: 'failing',
        create: () => 0,
        add: (total: number) => total,
        merge: (total: number) => total,
        result() {
          throw boom
        },
      }),
    )
    expect(await failureOf(run(pipeline, () => {}).done)).toMatchObject({
      message: "window: boom (key 'k', event time 9)",
      key: 'k',
      time: 9,
    })
  })

  test('that the machine reports by itself ends the job as well', async () => {
    const source = new ScriptedSource<number>().give(1, 2, 3)
    const seen: number[] = []
    const broken = operator(source.values.pipe(timestamps), (context) => ({
      onEvent({ value }) {
        seen.push(value)
        context.fail(boom)
      },
    }))
    expect(await failureOf(run(broken, () => {}).done)).toMatchObject({ message: 'tested: boom', operator: 'tested' })
    expect(seen).toEqual([1])
    expect(source.closed).toBe(1)
  })
})

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

describe('the ledger', () => {
  test('finds an operator that loses an event', async () => {
    const losing = operator(
      numbers(1, 2, 3),
      (context) => ({
        onEvent(each) {
          if (each.value !== 2) context.emit(each)
        },
      }),
      'lossy',
    )
    expect(await failureOf(run(losing, () => {}).done)).toMatchObject({
      code: 'ledger',
      operator: 'lossy',
      message:
        'lossy: expected to account for every event, got 3 in but 2 contributed, 0 late, 0 closed, 0 in no window, ' +
        '0 filtered, 0 refused, 0 held; this is a defect of the operator',
    })
  })

  test('finds an operator that makes events of nothing, and one that forgets what it held', async () => {
    const inventing = operator(numbers(1), (context) => ({
      onEvent(each) {
        context.emit(each)
        context.emit(each)
      },
    }))
    expect(await failureOf(run(inventing, () => {}).done)).toMatchObject({ code: 'ledger' })
    const forgetting = operator(numbers(1, 2), () => ({ onEvent() {}, held: () => 1 }))
    expect(await failureOf(run(forgetting, () => {}).done)).toMatchObject({ code: 'ledger' })
  })

  test('finds it in a job that is stopped, and in metrics before that', async () => {
    const source = new ScriptedSource<number>().give(1)
    const job = run(
      operator(source.values.pipe(timestamps), () => ({ onEvent() {} })),
      () => {},
    )
    await turns()
    expect(job.metrics().balanced).toBe(false)
    expect(await failureOf(job.stop())).toMatchObject({ code: 'ledger' })
  })

  test('takes counted losses and what is held', async () => {
    const counting = operator(numbers(1, 2, 3, 4), (context) => {
      let held = 0
      return {
        onEvent(each) {
          if (each.value === 1) context.emit(each)
          else if (each.value === 2) context.counters.filtered += 1
          else if (each.value === 3) context.counters.late += 1
          else held += 1
        },
        held: () => held,
        entries: () => held,
      }
    })
    const { operators, balanced } = await run(counting, () => {}).done
    expect(balanced).toBe(true)
    expect(operators[1]).toMatchObject({ in: 4, out: 1, filtered: 1, late: 1, held: 1, entries: 1 })
  })
})

test('an output beside the main one ends with the operator', async () => {
  const beside = sideOutput<number>('beside')
  const log: string[] = []
  const source = new ScriptedSource<number>().give(1)
  const stream = operator(source.values.pipe(timestamps), (context) => {
    const writer = context.open(beside)
    return {
      onEvent(each) {
        writer?.write(-each.value)
        context.emit(each)
      },
    }
  })
  const job = run([route(stream, () => {}), route(beside, (n) => void log.push(`${n}`))])
  await turns()
  source.end()
  const { sinks } = await job.done
  expect(log).toEqual(['-1'])
  expect(sinks.map(({ written }) => written)).toEqual([3, 1])
})
