import { Subject, tap } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { type Element, event, type Event, watermark } from '../lib/element.ts'
import { alive } from '../lib/fixtures/alive.ts'
import { ScriptedSource } from '../lib/fixtures/scripted-source.ts'
import { turns } from '../lib/fixtures/turns.ts'
import type { OperatorMetrics } from '../lib/metrics.ts'
import { run, type RunningJob } from '../lib/run.ts'
import { intervalJoin, type IntervalJoinOptions } from './interval-join.ts'

type Options = IntervalJoinOptions<Event<string, string, undefined>, Event<string, string, undefined>>

describe('state', () => {
  type Source = ScriptedSource<Element<object, string, undefined>>

  function joinOf(job: RunningJob): OperatorMetrics | undefined {
    return job.metrics().operators.find(({ name }) => name === 'intervalJoin')
  }

  function started(options: Options & { readonly batchSize?: number } = {}): {
    readonly left: Source
    readonly right: Source
    readonly job: RunningJob
  } {
    const left: Source = new ScriptedSource('left')
    const right: Source = new ScriptedSource('right')
    const joined = left.values.pipe(intervalJoin(right.values, -10, 5, { kind: options.kind ?? 'full' }))
    return { left, right, job: run(joined, () => {}, { batchSize: options.batchSize ?? 1_024 }) }
  }

  test('is each event until its instant has passed', async () => {
    const { left, right, job } = started()
    left.give(event({}, 1, 'k'), event({}, 3, 'l'))
    right.give(event({}, 0, 'k'), event({}, 50, 'k'))
    await turns()
    expect(joinOf(job)).toMatchObject({ in: 4, held: 4, entries: 4, contributed: 0, out: 1 })
    for (const [time, held] of [
      [6, 4],
      [7, 3],
      [8, 3],
      [9, 2],
      [10, 2],
      [11, 1],
      [60, 1],
      [61, 0],
    ] as const) {
      left.give(watermark(time))
      right.give(watermark(time))
      await turns(6)
      expect(joinOf(job), `at ${time}`).toMatchObject({ held, entries: held, contributed: 4 - held })
    }
    left.end()
    right.end()
    expect((await job.done).operators[0]).toMatchObject({ in: 4, out: 3, contributed: 4, late: 0, held: 0 })
  })

  test('is let go of when the watermark says so, though nothing follows', async () => {
    const { left, right, job } = started()
    const refs: WeakRef<object>[] = []
    const fresh = (): object => {
      const value = {}
      refs.push(new WeakRef(value))
      return value
    }
    left.give(event(fresh(), 1, 'k'), event(fresh(), 2, 'k'), event(fresh(), 20, 'l'))
    right.give(event(fresh(), 1, 'k'))
    await turns()
    expect(await alive(refs)).toBe(4)
    left.give(watermark(12))
    right.give(watermark(12))
    await turns()
    expect(await alive(refs)).toBe(1)
    await job.stop()
  })

  test('of a key is gone with its last event', async () => {
    const keys = Array.from({ length: 3 }, () => ({}))
    const refs = keys.map((key) => new WeakRef(key))
    const left = new ScriptedSource<Element<number, object, undefined>>()
    const right = new ScriptedSource<Element<number, object, undefined>>()
    const job = run(left.values.pipe(intervalJoin(right.values, 0, 5)), () => {})
    left.give(...keys.splice(0).map((key, i) => event(i, i * 10, key)))
    await turns()
    expect(await alive(refs)).toBe(3)
    left.give(watermark(16))
    right.give(watermark(16))
    await turns()
    expect(await alive(refs)).toBe(1)
    await job.stop()
  })

  test('is freed in slices, before anything else flows', async () => {
    const { left, right, job } = started({ kind: 'inner', batchSize: 10 })
    const entries: (number | undefined)[] = []
    right.give(watermark(100))
    left.give(...Array.from({ length: 25 }, (_, n) => event({}, n, `${n}`)))
    await turns(10)
    left.give(watermark(100), event({}, 100, 'k'))
    for (let i = 0; i < 8; i++) {
      await turns(1)
      entries.push(joinOf(job)?.entries)
    }
    expect(entries.filter((n, i) => n !== entries[i - 1])).toEqual([15, 5, 0, 1])
    await job.stop()
  })

  test('of a key with many events costs no more with each', async () => {
    const count = 100_000
    function* numbers(): Generator<Element<number, string, undefined>> {
      for (let n = 0; n < count; n++) {
        yield event(n, n, 'one')
        if (n % 50_000 === 0) yield watermark(n - 50_000)
      }
    }
    const joined = fromIterable(numbers()).pipe(intervalJoin(fromIterable(numbers()), 0, 0))
    const { operators } = await run(joined, () => {}).done
    expect(operators.at(-1)).toMatchObject({ in: 2 * count, out: count, contributed: 2 * count, held: 0, entries: 0 })
  })
})

describe('what comes back out of its results', () => {
  test('is paired once with all there is', async () => {
    const left = new Subject<Element<string, string, undefined>>()
    const right = new Subject<Element<string, string, undefined>>()
    const pairs: string[] = []
    const joined = left.pipe(
      intervalJoin(right, -5, 5),
      tap((element) => {
        if (element.kind !== 'event') return
        pairs.push(`${element.value.left}${element.value.right}`)
        // Before, among and behind the partners that are being gone through.
        if (element.value.right === 'x')
          for (const [i, time] of [0, 2, 4].entries()) right.next(event(`w${i}`, time, 'k'))
      }),
    )
    const job = run(joined, () => {})
    await turns()
    right.next(event('x', 1, 'k'))
    right.next(event('y', 3, 'k'))
    left.next(event('a', 2, 'k'))
    left.next(event('b', 2, 'm'))
    await turns()
    expect(pairs.toSorted()).toEqual(['aw0', 'aw1', 'aw2', 'ax', 'ay'])
    await job.stop()
  })

  test('may be the watermark that frees them', async () => {
    const left = new Subject<Element<string, string, undefined>>()
    const right = new Subject<Element<string, string, undefined>>()
    const out: string[] = []
    const joined = left.pipe(
      intervalJoin(right, -5, 5, { kind: 'full' }),
      tap((element) => {
        if (element.kind !== 'event') return
        out.push(`${element.value.left ?? ''}${element.value.right ?? ''}`)
        left.next(watermark(100))
        right.next(watermark(100))
      }),
    )
    const job = run(joined, () => {})
    await turns()
    right.next(event('x', 1, 'k'))
    right.next(event('y', 3, 'k'))
    left.next(event('a', 2, 'k'))
    await turns()
    // y was held when the first pair left, and had none when that let go of all.
    expect(out).toEqual(['ax', 'y'])
    expect(job.metrics()).toMatchObject({ balanced: true, operators: [{ held: 0, contributed: 3 }] })
    await job.stop()
  })
})
