// Calls of mapAsync that fail, are too slow, or are made again.
import { of, Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { VirtualClock } from '../lib/clock.ts'
import { event, watermark } from '../lib/element.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { Service } from '../lib/fixtures/service.ts'
import { turns } from '../lib/fixtures/turns.ts'
import { route, run } from '../lib/run.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { collect } from '../testing/collect.ts'
import { type AsyncFailure, mapAsync } from './index.ts'
import { type Numbers, type Failures, pushing, ledgerOf } from '../lib/fixtures/asked-service.ts'

describe('a failed call', () => {
  test('without an output is an error of the job, with key and time, behind the results before it', async () => {
    const { input, service, sink, job } = pushing()
    const failure = failureOf(job.done)
    await turns(2)
    for (const element of [event(1, 1), event(2, 2, 'x'), event(3, 3)]) input.next(element)
    service.fail(2, new Error('boom'))
    await turns(4)
    service.answer(1, 'one')
    expect(await failure).toMatchObject({
      code: 'callback',
      operator: 'mapAsync',
      key: 'x',
      time: 2,
      message: "mapAsync: boom (key 'x', event time 2)",
      cause: new Error('boom'),
    })
    expect(sink.values).toEqual([event('one', 1)])
    expect(service.calls.map(({ signal }) => signal.aborted)).toEqual([false, false, true])
    expect(service.open).toEqual([])
  })

  test('goes to the output, in its place, and is counted as refused', async () => {
    const errors = sideOutput<Failures>('failed')
    const input = new Subject<Numbers>()
    const service = new Service<number>()
    const taken: unknown[] = []
    const failed: Failures[] = []
    const stream = input.pipe(mapAsync(service.ask, { errors, id: 'ask' }))
    const job = run([
      route(stream, (element) => void taken.push(element)),
      route(errors, (failure) => void failed.push(failure)),
    ])
    await turns(2)
    for (const element of [event(1, 1), event(2, 2, 'x'), watermark(3)]) input.next(element)
    service.fail(2, 'boom')
    await turns(4)
    expect(failed).toEqual([])
    input.complete()
    service.answer(1, 10)
    const { operators, balanced } = await job.done
    expect(taken).toEqual([event(10, 1), watermark(Infinity)])
    expect(failed).toEqual([{ event: event(2, 2, 'x'), error: 'boom', attempts: 1 }])
    expect(operators).toEqual([expect.objectContaining({ id: 'ask', in: 2, contributed: 1, refused: 1, held: 0 })])
    expect(balanced).toBe(true)
  })

  test('may throw in place of rejecting', async () => {
    const stream = of(event(1, 5)).pipe(
      mapAsync(() => {
        throw new Error('at once')
      }),
    )
    expect(await failureOf(collect(stream))).toMatchObject({
      code: 'callback',
      message: 'mapAsync: at once (event time 5)',
    })
  })
})

describe('timeout and retry', () => {
  test('an attempt that is too slow is aborted and fails; what it comes to then is of no interest', async () => {
    const clock = new VirtualClock()
    const errors = sideOutput<Failures>('failed')
    const failed: Failures[] = []
    errors.subscribe((failure) => failed.push(failure))
    const { input, service, sink } = pushing({ timeout: 10, errors }, { clock })
    await turns(2)
    input.next(event(1, 1))
    clock.advanceTo(4)
    input.next(event(2, 2))
    clock.advanceTo(9)
    service.answer(2, 'two')
    await turns(4)
    expect(service.calls.map(({ signal }) => signal.aborted)).toEqual([false, false])
    clock.advanceTo(10)
    await turns(4)
    expect(service.calls.map(({ signal }) => signal.aborted)).toEqual([true, false])
    expect(sink.values).toEqual([event('two', 2)])
    expect(failed).toMatchObject([
      {
        event: event(1, 1),
        error: { code: 'callback', message: 'expected an answer within 10ms, got none' },
        attempts: 1,
      },
    ])
  })

  test('as an error of the job it names the operator, key and time', async () => {
    const clock = new VirtualClock()
    const { input, job } = pushing({ timeout: '1s' }, { clock })
    await turns(2)
    input.next(event(1, 7, 'x'))
    clock.advanceTo(1_000)
    expect(await failureOf(job.done)).toMatchObject({
      code: 'callback',
      key: 'x',
      time: 7,
      message: "mapAsync: expected an answer within 1s, got none (key 'x', event time 7)",
    })
  })

  test('asks again after a pause, so many times in all; its place is kept', async () => {
    const clock = new VirtualClock()
    const pauses: number[] = []
    const backoff = (attempts: number): number => {
      pauses.push(attempts)
      return attempts * 10
    }
    const { input, service, sink, job } = pushing(
      { capacity: 2, timeout: 5, retry: { attempts: 3, backoff } },
      { clock },
    )
    await turns(2)
    for (const n of [1, 2, 3]) input.next(event(n, n))
    service.answer(2, 'two')
    service.fail(1, new Error('first'))
    await turns(4)
    clock.advanceTo(9)
    expect(service.open).toEqual([])
    clock.advanceTo(10)
    expect(service.open).toEqual([1])
    clock.advanceTo(15)
    expect(service.open).toEqual([])
    clock.advanceTo(34)
    expect(service.open).toEqual([])
    clock.advanceTo(35)
    expect(service.open).toEqual([1])
    expect(ledgerOf(job)).toMatchObject({ in: 3, held: 3, balanced: true })
    service.answer(1, 'one')
    await turns(4)
    expect(sink.values).toEqual([event('one', 1), event('two', 2)])
    expect(pauses).toEqual([1, 2])
    expect(service.open).toEqual([3])
  })

  test('without a pause asks again at once, and gives up with the last error', async () => {
    const errors = sideOutput<AsyncFailure<number>>('failed')
    let asked = 0
    const failed: unknown[] = []
    const stream = of(event(1, 1)).pipe(
      mapAsync(
        async () => {
          asked += 1
          throw new Error(`attempt ${asked}`)
        },
        { retry: { attempts: 3 }, errors },
      ),
    )
    await run([route(stream, () => {}), route(errors, (failure) => void failed.push(failure))]).done
    expect(failed).toEqual([{ event: event(1, 1), error: new Error('attempt 3'), attempts: 3 }])
  })

  test.each([
    ['throws', 'callback', 'mapAsync: no idea (event time 1)'],
    [
      'gives no duration',
      'invalid-duration',
      'mapAsync: mapAsync: retry.backoff: expected a whole number of milliseconds',
    ],
  ])('a backoff that %s is an error of the job', async (how, code, message) => {
    const backoff = (): number => {
      if (how === 'throws') throw new Error('no idea')
      return Number.NaN
    }
    const stream = of(event(1, 1)).pipe(
      mapAsync(async () => Promise.reject(new Error('boom')), { retry: { attempts: 2, backoff } }),
    )
    const failure = await failureOf(collect(stream))
    expect(failure).toMatchObject({ code, time: 1 })
    expect(String(failure)).toContain(message)
  })
})
