import { concat, defer, interval, map as rxMap, mergeMap, repeat, Subject, switchMap, take, tap, toArray } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { assignTimestamps, merge, values, window } from '../../operators/index.ts'
import { sum } from '../aggregates/sum.ts'
import { tumbling } from '../windows/tumbling.ts'
import { CountedNumbers } from '../fixtures/counted-numbers.ts'
import { ScriptedSource } from '../fixtures/scripted-source.ts'
import { turns } from '../fixtures/turns.ts'
import { route, run } from '../run.ts'
import { monotonous } from '../watermarks/monotonous.ts'

const timestamps = assignTimestamps((n: number) => n, monotonous())

describe('drain', () => {
  test('ends what pushes: windows fire', async () => {
    const numbers = new Subject<number>()
    const taken: number[] = []
    const job = run(numbers.pipe(timestamps, window(tumbling(10), sum()), values()), (n) => void taken.push(n))
    await turns()
    numbers.next(1)
    numbers.next(2)
    await job.drain()
    expect(taken).toEqual([3])
    expect(numbers.observed).toBe(false)
  })

  test('ends sources and what pushes', async () => {
    const [numbers, others] = [new Subject<number>(), new Subject<number>()]
    const source = new ScriptedSource<number>().give(1)
    const pipeline = merge(numbers.pipe(timestamps), source.values.pipe(timestamps), others.pipe(timestamps))
    const taken: number[] = []
    const job = run(pipeline.pipe(window(tumbling(10), sum()), values()), (n) => void taken.push(n))
    await turns()
    numbers.next(2)
    others.next(4)
    await job.drain()
    expect(taken).toEqual([7])
  })

  test('waits for what is still on its way in RxJS', async () => {
    const source = new ScriptedSource<number>().give(1, 2)
    const taken: number[] = []
    const job = run(
      source.values.pipe(
        mergeMap(async (n) => {
          await turns(5)
          return n
        }),
        timestamps,
        values(),
      ),
      (n) => void taken.push(n),
    )
    await turns(3)
    await job.drain()
    expect(taken).toEqual([1, 2])
  })

  test('ends an interval that opens sources', async () => {
    const source = new ScriptedSource<number>().give(1)
    const taken: number[] = []
    const job = run(
      interval(1).pipe(
        take(1),
        switchMap(() => source.values),
        timestamps,
        window(tumbling(10), sum()),
        values(),
      ),
      (n) => void taken.push(n),
    )
    while (source.reads < 2) await turns()
    await job.drain()
    expect(taken).toEqual([1])
    expect(source.closed).toBe(1)
  })

  test('reads nothing of what is opened from then on: the next of a concat, a repeated one', async () => {
    const [next, repeated] = [new CountedNumbers(), new CountedNumbers(3)]
    for (const pipeline of [
      concat(fromIterable([1, 2]), fromIterable(next)),
      defer(() => fromIterable(repeated, { chunkSize: 1 })).pipe(repeat()),
    ]) {
      let taken = 0
      const job = run(pipeline.pipe(timestamps, values()), () => {
        taken += 1
        if (taken === 1) void job.drain()
      })
      const { sources } = await job.done
      expect(taken).toBeGreaterThanOrEqual(1)
      expect(taken).toBeLessThanOrEqual(2)
      expect(sources.reduce((total, { read }) => total + read, 0)).toBe(taken)
    }
    expect(next.pulled).toBe(0)
  })

  test('ends from upstream to downstream, so that what waits in RxJS for the end is not lost', async () => {
    const taken: number[][] = []
    const pipeline = concat(fromIterable([1, 2]), fromIterable([3])).pipe(
      timestamps,
      values(),
      toArray(),
      assignTimestamps((all) => all.length, monotonous()),
      values(),
    )
    const job = run([route(pipeline, (all) => void taken.push(all)), route(fromIterable([0]), () => void job.drain())])
    await job.done
    expect(taken).toEqual([[1, 2]])
  })

  test('leaves what has been read alone when something is opened meanwhile', async () => {
    const [first, second] = [new ScriptedSource<number>('first').give(1), new CountedNumbers()]
    const other = new ScriptedSource<number>('other').give(10, 11, 12)
    const taken: number[] = []
    const take = (n: number): void => {
      taken.push(n)
      if (n === 1) void job.drain()
    }
    const job = run(
      [
        route(concat(first.values, fromIterable(second)).pipe(timestamps, values()), take),
        route(
          other.values.pipe(
            rxMap((n) => n),
            timestamps,
            values(),
          ),
          take,
        ),
      ],
      { batchSize: 1 },
    )
    await job.done
    expect(taken).toEqual([1, 10, 11, 12])
    expect(second.pulled).toBe(0)
  })

  test('ends what a function has subscribed meanwhile', async () => {
    const outer = new ScriptedSource<number>('outer').give(1, 2)
    const inner = new ScriptedSource<number>('inner').give(3)
    const log: string[] = []
    const job = run(
      outer.values.pipe(
        tap((n) => {
          if (n === 1) void job.drain()
          else inner.values.subscribe({ next: (m) => log.push(`next ${m}`), complete: () => log.push('complete') })
        }),
      ),
      () => {},
    )
    await job.done
    expect(log).toEqual(['complete'])
    expect([inner.reads, inner.closed]).toEqual([0, 1])
  })
})
