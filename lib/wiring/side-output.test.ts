import { concat, defer, from, map as rxMap, merge as rxMerge, repeat, type Observable, take } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { assignTimestamps, keyBy, map, panes, values, window } from '../../operators/index.ts'
import { sum } from '../aggregates/sum.ts'
import { tumbling } from '../windows/tumbling.ts'
import { event, type Event } from '../element.ts'
import { failureOf } from '../fixtures/failure.ts'
import { RecordingSink } from '../fixtures/recording-sink.ts'
import { ScriptedSource } from '../fixtures/scripted-source.ts'
import { turns } from '../fixtures/turns.ts'
import { route, run } from '../run.ts'
import { type SideOutput, sideOutput } from './side-output.ts'
import { defineSource } from './source.ts'
import { monotonous } from '../watermarks/monotonous.ts'

type Late = Event<number, undefined, undefined>

const timestamps = assignTimestamps((n: number) => n, monotonous())

/** Sums by tens; 1 and 2 are late, because 10 comes before them. */
const sums = (late: SideOutput<Late>, numbers: Observable<number> = fromIterable([10, 1, 2, 25])): Observable<number> =>
  numbers.pipe(timestamps, window(tumbling(10), sum(), { late }), values())

/** Subscribes, and keeps every notification. */
function listen<T>(observable: Observable<T>): unknown[] {
  const log: unknown[] = []
  observable.subscribe({
    next: (value) => log.push(value),
    error: (error: unknown) => log.push(error),
    complete: () => log.push('complete'),
  })
  return log
}

const valueOf = (element: unknown): number => (typeof element === 'object' ? (element as Late).value : -1)

describe('within a run', () => {
  test('is a route like any other', async () => {
    const late = sideOutput<Late>('late')
    const [main, beside] = [new RecordingSink<number>(), new RecordingSink<Late>()]
    await run([route(sums(late), main), route(late, beside)]).done
    expect(main.values).toEqual([10, 25])
    expect(beside.values).toEqual([event(1, 1), event(2, 2)])
    expect(beside.calls).toEqual(['write', 'end'])
  })

  test('whichever route comes first', async () => {
    const late = sideOutput<Late>('late')
    const beside = new RecordingSink<Late>()
    await run([route(late, beside), route(sums(late), () => {})]).done
    expect(beside.values).toEqual([event(1, 1), event(2, 2)])
  })

  test.each([
    ['first', [10, 1, 2, 25], [1, 2]],
    ['second', [10, 1, 2, 25], [1, 2]],
    ['first', [], []],
    ['second', [], []],
  ])(
    'comes %s, beside an observable that pushes %j while it is wired: nothing is lost',
    async (place, numbers, expected) => {
      const late = sideOutput<Late>('late')
      const beside = new RecordingSink<Late>()
      const routes = [route(sums(late, from(numbers)), () => {}), route(late, beside)]
      await run(place === 'first' ? routes.toReversed() : routes).done
      expect(beside.values.map(valueOf)).toEqual(expected)
      expect(beside.calls.at(-1)).toBe('end')
    },
  )

  test('is a stream without watermarks until its end: a window behind it fires then', async () => {
    const late = sideOutput<Late>('late')
    const log: string[] = []
    await run([
      route(sums(late), (n) => void log.push(`sum ${n}`)),
      route(
        late.pipe(
          map((n) => -n),
          keyBy(() => 'all'),
          window(tumbling(10), sum()),
          panes(),
        ),
        ({ key, value, window: { end } }) => void log.push(`late ${key} ${value} before ${end}`),
      ),
      route(late.pipe(values()), (n) => void log.push(`value ${n}`)),
    ]).done
    expect(log).toEqual(['sum 10', 'value 1', 'value 2', 'sum 25', 'late all -3 before 10'])
  })

  test('goes through RxJS', async () => {
    const late = sideOutput<Late>('late')
    const taken: number[] = []
    await run([route(sums(late), () => {}), route(late.pipe(rxMap(({ value }) => -value)), (n) => void taken.push(n))])
      .done
    expect(taken).toEqual([-1, -2])
  })

  test('has any number of listeners, and needs none', async () => {
    const late = sideOutput<Late>('late')
    const [one, two] = [new RecordingSink<Late>(), new RecordingSink<Late>()]
    await run([route(sums(late), () => {}), route(late, one), route(late, two)]).done
    expect([one.values.length, two.values.length]).toEqual([2, 2])
    const { operators } = await run(sums(late), () => {}).done
    expect(operators.find(({ id }) => id === 'window')).toMatchObject({ late: 2 })
  })

  test('serves two jobs at a time without mixing them', async () => {
    const late = sideOutput<Late>('late')
    const [one, two] = [new RecordingSink<Late>(), new RecordingSink<Late>()]
    await Promise.all([
      run([route(sums(late, fromIterable([10, 1, 20])), () => {}), route(late, one)]).done,
      run([route(sums(late, fromIterable([10, 2, 20])), () => {}), route(late, two)]).done,
    ])
    expect([one.values, two.values]).toEqual([[event(1, 1)], [event(2, 2)]])
  })

  test('that nobody writes to is an error', async () => {
    const late = sideOutput<Late>('late hits')
    const error = await failureOf(run([route(sums(sideOutput('others')), () => {}), route(late, () => {})]).done)
    expect(error).toMatchObject({
      code: 'wiring',
      message: 'late hits: expected an operator or source of the job to write to this output, got none',
    })
    expect(await failureOf(run(late, () => {}).done)).toMatchObject({ code: 'wiring' })
  })

  test('is held back with the rest by a slow sink', async () => {
    const late = sideOutput<Late>('late')
    function* numbers(): Generator<number> {
      yield 1_000_000
      for (let n = 0; n < 5_000; n++) yield n
    }
    const { sinks } = await run(
      [route(sums(late, fromIterable({ [Symbol.iterator]: numbers })), () => {}), route(late, () => turns(0))],
      { batchSize: 100 },
    ).done
    expect(sinks[1]).toMatchObject({ written: 5_000, mostBuffered: 100 })
  })
})

describe('the end', () => {
  test('comes when all that write to it have ended', async () => {
    const late = sideOutput<Late>('late')
    const [one, two] = [new ScriptedSource<number>('one'), new ScriptedSource<number>('two')]
    const beside = new RecordingSink<Late>()
    const job = run([
      route(sums(late, one.values), () => {}),
      route(sums(late, two.values), () => {}),
      route(late, beside),
    ])
    one.give(10, 1).end()
    two.give(10)
    await turns()
    expect(beside.calls).toEqual(['write'])
    two.give(2).end()
    await job.done
    expect(beside.values).toEqual([event(1, 1), event(2, 2)])
    expect(beside.calls).toEqual(['write', 'write', 'end'])
  })

  test('comes also when what writes to it is torn down early', async () => {
    const late = sideOutput<Late>('late')
    const beside = new RecordingSink<Late>()
    const endless = new ScriptedSource<number>().give(10, 1, 25)
    await run([route(sums(late, endless.values).pipe(take(1)), () => {}), route(late, beside)]).done
    expect(beside.values).toEqual([event(1, 1)])
    expect(beside.calls.at(-1)).toBe('end')
    expect(endless.closed).toBe(1)
  })

  test('comes once, behind what is opened one after the other', async () => {
    const refused = sideOutput<string>('refused')
    const file = (name: string): Observable<string> =>
      defineSource<string>({
        name,
        open({ refusals }) {
          const refuse = refusals(refused)
          let isRead = false
          return {
            read() {
              if (isRead) return undefined
              isRead = true
              refuse(`bad in ${name}`)
              return { values: [`good in ${name}`] }
            },
            close() {},
          }
        },
      })
    for (const files of [concat(file('a'), file('b')), defer(() => file('c')).pipe(repeat(2))]) {
      const beside = new RecordingSink<string>()
      await run([route(files, () => {}), route(refused, beside)]).done
      expect(beside.values).toHaveLength(2)
      expect(beside.calls.filter((call) => call === 'end')).toHaveLength(1)
    }
  })

  test('does not come when the job stops or fails', async () => {
    const late = sideOutput<Late>('late')
    const [stopped, failed] = [new RecordingSink<Late>(), new RecordingSink<Late>()]
    await run([route(sums(late, new ScriptedSource<number>().values), () => {}), route(late, stopped)]).stop()
    const failing = new ScriptedSource<number>().fail(new Error('boom'))
    await failureOf(run([route(sums(late, failing.values), () => {}), route(late, failed)]).done)
    expect([stopped.calls, failed.calls]).toEqual([['close'], ['close']])
  })
})

describe('by itself', () => {
  test('before anything runs, listens to the next job', async () => {
    const late = sideOutput<Late>('late')
    const beside = listen(late)
    const main = listen(sums(late))
    await turns()
    expect(main).toEqual([10, 25, 'complete'])
    expect(beside).toEqual([event(1, 1), event(2, 2), 'complete'])
  })

  test('is there once, though several write', async () => {
    const late = sideOutput<Late>('late')
    const beside = listen(late)
    await run(rxMerge(sums(late), sums(late, fromIterable([10, 5, 20]))), () => {}).done
    expect(beside.toSorted((a, b) => valueOf(a) - valueOf(b))).toEqual([
      'complete',
      event(1, 1),
      event(2, 2),
      event(5, 5),
    ])
  })

  test('behind RxJS operators just as well', async () => {
    const late = sideOutput<Late>('late')
    const beside = listen(late.pipe(rxMap(({ value }) => value)))
    await run(sums(late), () => {}).done
    expect(beside).toEqual([1, 2, 'complete'])
  })

  test('amid a job, listens to it from then on', async () => {
    const late = sideOutput<Late>('late')
    const source = new ScriptedSource<number>().give(10, 1)
    const job = run(sums(late, source.values), () => {})
    await turns()
    const beside = listen(late)
    source.give(2).end()
    await job.done
    expect(beside).toEqual([event(2, 2), 'complete'])
  })

  test('when a job is over, however it ended, waits for the next', async () => {
    const late = sideOutput<Late>('late')
    const endless = (): Observable<number> => new ScriptedSource<number>().values
    await run(sums(late), () => {}).done
    await run(sums(late, endless()), () => {}).stop()
    await failureOf(run(sums(late, new ScriptedSource<number>().fail(new Error('boom')).values), () => {}).done)
    sums(late, endless()).subscribe().unsubscribe()
    const beside = listen(late)
    await run(sums(late), () => {}).done
    expect(beside).toEqual([event(1, 1), event(2, 2), 'complete'])
  })

  test('is told of the error of its job', async () => {
    const late = sideOutput<Late>('late')
    const beside = listen(late)
    const failing = new ScriptedSource<number>().give(10, 1).fail(new Error('boom'))
    const main = listen(sums(late, failing.values))
    await turns()
    const error: unknown = expect.objectContaining({ code: 'input', message: 'scripted: boom' })
    expect(main).toEqual([error])
    expect(beside).toEqual([event(1, 1), error])
  })

  test('can be left: before a job, amid one', async () => {
    const late = sideOutput<Late>('late')
    const before: unknown[] = []
    late.subscribe((element) => before.push(element)).unsubscribe()
    const source = new ScriptedSource<number>().give(10, 1)
    const job = run(sums(late, source.values), () => {})
    const amid: unknown[] = []
    const subscription = late.subscribe((element) => amid.push(element))
    await turns()
    subscription.unsubscribe()
    source.give(2).end()
    await job.done
    expect([before, amid]).toEqual([[], [event(1, 1)]])
  })

  test('in front of operators of tidemark is a job of its own, which nobody writes to', async () => {
    const late = sideOutput<Late>('late')
    const beside = listen(late.pipe(values()))
    const main = listen(sums(late))
    await turns()
    expect(beside).toEqual([expect.objectContaining({ code: 'wiring' })])
    expect(main).toEqual([10, 25, 'complete'])
  })

  test('keeps a job alive until it has ended, though the main subscriber has left', async () => {
    const late = sideOutput<Late>('late')
    const beside = listen(late)
    const main = listen(sums(late, fromIterable([10, 1, 25, 2])).pipe(take(1)))
    await turns()
    expect(main).toEqual([10, 'complete'])
    expect(beside).toEqual([event(1, 1), 'complete'])
  })
})
