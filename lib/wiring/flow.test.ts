import {
  delay,
  filter as rxFilter,
  from,
  lastValueFrom,
  map as rxMap,
  merge as rxMerge,
  mergeMap,
  type Observable,
  of,
  share,
  Subject,
  switchMap,
  take,
  toArray,
} from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { assignTimestamps, keyBy, map, merge, panes, values, window } from '../../operators/index.ts'
import { count } from '../aggregates/count.ts'
import { sum } from '../aggregates/sum.ts'
import { tumbling } from '../windows/tumbling.ts'
import { type Element, event, idle, watermark } from '../element.ts'
import { CountedNumbers } from '../fixtures/counted-numbers.ts'
import { failureOf } from '../fixtures/failure.ts'
import { ScriptedSource } from '../fixtures/scripted-source.ts'
import { turns } from '../fixtures/turns.ts'
import { route, run } from '../run.ts'
import { monotonous } from '../watermarks/monotonous.ts'

const timestamps = assignTimestamps((n: number) => n, monotonous())

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

describe('a subscription', () => {
  test('runs by itself, and ends with the input', async () => {
    const log = listen(fromIterable([1, 2, 11]).pipe(timestamps, window(tumbling(10), sum()), values()))
    expect(log).toEqual([])
    await turns()
    expect(log).toEqual([3, 11, 'complete'])
  })

  test('to a stream gets its elements', async () => {
    const log = listen(fromIterable([1, 1, 4]).pipe(timestamps))
    await turns()
    expect(log).toEqual([
      event(1, 1),
      watermark(1),
      event(1, 1),
      event(4, 4),
      watermark(4),
      watermark(Infinity),
      'complete',
    ])
  })

  test('to each of two observables is a job of its own', async () => {
    const source = new ScriptedSource<number>().give(1).end().give(2).end()
    const [one, two] = [listen(source.values), listen(source.values)]
    await turns()
    expect(source.opened).toBe(2)
    expect([one, two]).toEqual([
      [1, 'complete'],
      [2, 'complete'],
    ])
  })

  test('works with what waits for a value, and with what counts them', async () => {
    expect(await lastValueFrom(fromIterable([1, 2, 3]).pipe(timestamps, values()))).toBe(3)
    expect(await lastValueFrom(fromIterable([1, 2, 3]).pipe(timestamps, values(), toArray()))).toEqual([1, 2, 3])
  })
})

describe('share', () => {
  test('lets two branches of one job each see every element, and opens the source once', async () => {
    const source = new ScriptedSource<number>().give(1, 2).give(11).end()
    const stream = source.values.pipe(timestamps, share())
    const sums = stream.pipe(window(tumbling(10), sum()), values())
    const counts = stream.pipe(window(tumbling(10), count()), values())
    const log: string[] = []
    const metrics = await run([
      route(sums, (n) => void log.push(`sum ${n}`)),
      route(counts, (n) => void log.push(`count ${n}`)),
    ]).done
    expect(log.filter((line) => line.startsWith('sum'))).toEqual(['sum 3', 'sum 11'])
    expect(log.filter((line) => line.startsWith('count'))).toEqual(['count 2', 'count 1'])
    expect(source.opened).toBe(1)
    expect(metrics.operators.map(({ id, in: came }) => [id, came])).toEqual([
      ['window#2', 3],
      ['assignTimestamps', 3],
      ['window', 3],
    ])
  })

  test('lets two branches meet again: a diamond delivers each element to both sides', async () => {
    const stream = fromIterable([1, 2, 3]).pipe(timestamps, share())
    const left = stream.pipe(map((n) => `l${n}`))
    const right = stream.pipe(map((n) => `r${n}`))
    const log = listen(merge(left, right).pipe(values()))
    await turns()
    expect(log).toEqual(['l1', 'r1', 'l2', 'r2', 'l3', 'r3', 'complete'])
  })

  test('two subscriptions to the two branches are there from the first value, in one job', async () => {
    const source = new ScriptedSource<number>().give(1, 2).end()
    const shared = source.values.pipe(timestamps, values(), share())
    const [one, two] = [listen(shared), listen(shared.pipe(rxMap((n) => -n)))]
    await turns()
    expect([one, two]).toEqual([
      [1, 2, 'complete'],
      [-1, -2, 'complete'],
    ])
    expect(source.opened).toBe(1)
  })

  test('a late subscriber gets what comes from then on', async () => {
    const source = new ScriptedSource<number>().give(1)
    const shared = source.values.pipe(timestamps, values(), share())
    const early = listen(shared)
    await turns()
    const late = listen(shared)
    source.give(2).end()
    await turns()
    expect([early, late]).toEqual([
      [1, 2, 'complete'],
      [2, 'complete'],
    ])
  })

  test('a branch that has enough leaves the other alone', async () => {
    const numbers = new CountedNumbers(3_000)
    const shared = fromIterable(numbers, { chunkSize: 10 }).pipe(timestamps, values(), share())
    const taken: number[] = []
    await run([route(shared.pipe(take(1)), (n) => void taken.push(n)), route(shared, () => {})]).done
    expect(taken).toEqual([0])
    expect([numbers.pulled, numbers.closed]).toEqual([3_000, 1])
  })
})

describe('what a function of the pipeline subscribes', () => {
  test('joins the job: switchMap leaves and closes the source before', async () => {
    const [first, second] = [new ScriptedSource<number>('first').give(1), new ScriptedSource<number>('second').give(2)]
    const choices = new ScriptedSource<ScriptedSource<number>>('choices').give(first)
    const taken: number[] = []
    const job = run(
      choices.values.pipe(switchMap((choice) => choice.values.pipe(timestamps, values()))),
      (n) => void taken.push(n),
    )
    await turns()
    choices.give(second)
    await turns()
    expect([first.closed, second.closed]).toEqual([1, 0])
    expect(job.metrics().sources.map(({ name, ended }) => [name, ended])).toEqual([
      ['choices', false],
      ['first', true],
      ['second', false],
    ])
    // The id of an operator that was torn down is free again, and its counts go on.
    expect(job.metrics().operators.map(({ id, in: came }) => [id, came])).toEqual([['assignTimestamps', 2]])
    choices.end()
    second.end()
    await job.done
    expect(taken).toEqual([1, 2])
  })

  test('joins the job: mergeMap over sources is held back by a slow sink', async () => {
    const numbers = Array.from({ length: 5 }, () => new CountedNumbers(500))
    let written = 0
    let most = 0
    const pulled = (): number => numbers.reduce((total, each) => total + each.pulled, 0)
    await run(fromIterable(numbers).pipe(mergeMap((each) => fromIterable(each, { chunkSize: 8 }))), async () => {
      if (written % 20 === 0) await turns(1)
      most = Math.max(most, pulled() - written)
      written += 1
    }).done
    expect(written).toBe(2_500)
    // The chunk at the sink, and one read ahead for each source.
    expect(most).toBeLessThanOrEqual(8 + 5 * 8)
  })

  test('in a next handler joins the job, which ends with the last of both', async () => {
    const outer = new ScriptedSource<number>('outer').give(1)
    const inner = new ScriptedSource<number>('inner')
    const log: unknown[] = []
    outer.values.pipe(timestamps, values()).subscribe({
      next(n) {
        log.push(`outer ${n}`)
        inner.values.pipe(timestamps, values()).subscribe({
          next: (m) => log.push(`inner ${m}`),
          complete: () => log.push('inner complete'),
        })
      },
      complete: () => log.push('outer complete'),
    })
    await turns()
    inner.give(2)
    await turns()
    outer.end()
    await turns()
    // The inner source is further in event time by now, so the outer one has its turn.
    expect(log).toEqual(['outer 1', 'inner 2', 'outer complete'])
    inner.end()
    await turns()
    expect(log).toEqual(['outer 1', 'inner 2', 'outer complete', 'inner complete'])
    expect([outer.closed, inner.closed]).toEqual([1, 1])
  })

  test('in a complete handler joins the job', async () => {
    const log: unknown[] = []
    const next = new ScriptedSource<number>().give(5).end()
    fromIterable([1]).subscribe({
      complete() {
        next.values.subscribe({ next: (n) => log.push(n), complete: () => log.push('complete') })
      },
    })
    await turns()
    expect(log).toEqual([5, 'complete'])
    expect(next.closed).toBe(1)
  })

  test('in an error handler opens a job of its own, because that one is over', async () => {
    const log: unknown[] = []
    const failing = new ScriptedSource<number>().fail(new Error('boom'))
    failing.values.subscribe({
      error() {
        fromIterable([1]).subscribe({ next: (n) => log.push(n), complete: () => log.push('complete') })
      },
    })
    await turns()
    expect(log).toEqual([1, 'complete'])
  })

  test('later opens a job of its own, whose values, errors and end still come', async () => {
    const source = new ScriptedSource<number>().give(1, 2).end()
    const opened = from(Promise.resolve('connected')).pipe(
      mergeMap(() => source.values),
      timestamps,
      values(),
    )
    const taken: number[] = []
    const metrics = await run(opened, (n) => void taken.push(n)).done
    expect(taken).toEqual([1, 2])
    expect([source.closed, metrics.sources]).toEqual([1, []])
    const failing = new ScriptedSource<number>().fail(new Error('boom'))
    const failure = run(
      from(Promise.resolve('connected')).pipe(
        mergeMap(() => failing.values),
        timestamps,
      ),
      () => {},
    )
    expect(await failureOf(failure.done)).toMatchObject({ code: 'input', message: 'scripted: boom' })
    expect(failing.closed).toBe(1)
  })
})

describe('RxJS in between', () => {
  test('operators before, between and behind', async () => {
    const log = listen(
      fromIterable(['1', 'x', '2', '11']).pipe(
        rxMap((text) => Number(text)),
        rxFilter((n) => !Number.isNaN(n)),
        timestamps,
        rxFilter((element) => element.kind !== 'event' || element.value !== 2),
        window(tumbling(10), sum()),
        panes(),
        rxMap(({ window: { start }, value }) => [start, value]),
      ),
    )
    await turns()
    expect(log).toEqual([[0, 1], [10, 11], 'complete'])
  })

  test('what arrives later wakes the job, and none of it is lost at the end', async () => {
    const taken: number[] = []
    await run(
      fromIterable([1, 2, 3]).pipe(
        delay(2),
        mergeMap(async (n) => {
          await turns(n)
          return n
        }),
        timestamps,
        values(),
      ),
      (n) => void taken.push(n),
    ).done
    expect(taken).toEqual([1, 2, 3])
  })

  test('a source that pushes while it is subscribed, and ends', async () => {
    const log = listen(of(1, 2, 11).pipe(timestamps, window(tumbling(10), sum()), values(), take(1)))
    await turns()
    expect(log).toEqual([3, 'complete'])
    const taken: number[] = []
    await run(
      of(1, 2, 11).pipe(
        timestamps,
        keyBy((n) => n),
        window(tumbling(10), sum()),
        values(),
      ),
      (n) => void taken.push(n),
      {
        batchSize: 1,
      },
    ).done
    expect(taken).toEqual([1, 2, 11])
  })

  test('elements that are made by hand are a stream', async () => {
    const elements: readonly Element<number, undefined, undefined>[] = [
      event(1, 1),
      event(2, 12),
      idle,
      event(3, 3),
      watermark(10),
      event(4, 4),
    ]
    const log = listen(from(elements).pipe(window(tumbling(10), sum()), values()))
    await turns()
    expect(log).toEqual([4, 2, 'complete'])
  })

  test('an observable that pushes is left when the job stops', async () => {
    const numbers = new Subject<number>()
    const job = run(numbers.pipe(timestamps, values()), () => {})
    await turns()
    expect(numbers.observed).toBe(true)
    await job.stop()
    expect(numbers.observed).toBe(false)
  })
})

describe('an error of RxJS', () => {
  const boom = new Error('boom')

  test('is told to every subscriber once, and closes every source', async () => {
    const numbers = new Subject<number>()
    const source = new ScriptedSource<number>()
    const shared = rxMerge(numbers, source.values).pipe(timestamps, values(), share())
    const logs = [listen(shared), listen(shared)]
    await turns()
    numbers.error(boom)
    numbers.next(1)
    await turns()
    expect(logs).toEqual([[boom], [boom]])
    expect(source.closed).toBe(1)
  })

  test('of a function behind the pipeline is an error of that subscriber alone, and closes the source', async () => {
    const numbers = new CountedNumbers()
    const log = listen(
      fromIterable(numbers).pipe(
        timestamps,
        values(),
        rxMap(() => {
          throw boom
        }),
      ),
    )
    await turns()
    expect(log).toEqual([boom])
    expect(numbers.closed).toBe(1)
  })
})
