// Results that are more than a turn takes leave in slices, and nobody sees the difference.
import { map as rxMap, type Observable, Subject, tap } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { assignTimestamps, keyBy, map, panes, values, window } from '../../operators/index.ts'
import { count } from '../aggregates/count.ts'
import { sum } from '../aggregates/sum.ts'
import { tumbling } from '../windows/tumbling.ts'
import { VirtualClock } from '../clock.ts'
import { type Element, event, idle, watermark } from '../element.ts'
import { ScriptedSource } from '../fixtures/scripted-source.ts'
import { turns } from '../fixtures/turns.ts'
import { run } from '../run.ts'
import { monotonous } from '../watermarks/monotonous.ts'
import { type Numbers, timestamps, operator, finishing } from '../fixtures/tested-operator.ts'

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
