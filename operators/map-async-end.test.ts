// What becomes of calls of mapAsync that are under way when the job ends early.
import { from, type Subscription } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { sum } from '../lib/aggregates/sum.ts'
import { VirtualClock } from '../lib/clock.ts'
import { event } from '../lib/element.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { Service } from '../lib/fixtures/service.ts'
import { turns } from '../lib/fixtures/turns.ts'
import { unhandledRejections } from '../lib/fixtures/unhandled-rejections.ts'
import { run } from '../lib/run.ts'
import { monotonous } from '../lib/watermarks/monotonous.ts'
import { tumbling } from '../lib/windows/tumbling.ts'
import { assignTimestamps, keyBy, mapAsync, values, window } from './index.ts'
import { pushing, ledgerOf } from '../lib/fixtures/asked-service.ts'

describe('before the end', () => {
  test('stop aborts what is under way, and hands nothing on', async () => {
    const clock = new VirtualClock()
    const { input, service, sink, job } = pushing(
      { capacity: 2, timeout: 10, retry: { attempts: 9, backoff: 5 } },
      { clock },
    )
    const reasons = await unhandledRejections(async () => {
      await turns(2)
      for (const n of [1, 2, 3]) input.next(event(n, n))
      service.fail(1, new Error('boom'))
      await turns(4)
      await job.stop()
      clock.advanceTo(100)
      await turns(4)
    })
    expect(reasons).toEqual([])
    expect(service.calls.map(({ value, signal }) => [value, signal.aborted])).toEqual([
      [1, false],
      [2, true],
    ])
    expect(sink.values).toEqual([])
    expect(ledgerOf(job)).toEqual({ in: 3, contributed: 0, refused: 0, held: 3, balanced: true })
  })

  test('stop does not wait for a window that is held back', async () => {
    const service = new Service<number>()
    const stream = fromIterable([1, 2, 3, 4]).pipe(
      assignTimestamps(() => 0, monotonous()),
      keyBy((n) => n),
      window(tumbling(10), sum()),
      mapAsync(service.ask, { capacity: 2 }),
      values(),
    )
    const job = run(stream, () => {})
    await turns()
    expect(service.open).toEqual([1, 2])
    const { balanced, operators } = await job.stop()
    expect(balanced).toBe(true)
    expect(operators.find(({ name }) => name === 'window')).toMatchObject({ in: 4, out: 2 })
    expect(service.calls.map(({ signal }) => signal.aborted)).toEqual([true, true])
  })

  test('unsubscribing aborts what is under way', async () => {
    const service = new Service<number>()
    const subscription: Subscription = from([event(1, 1), event(2, 2)])
      .pipe(mapAsync(service.ask, { capacity: 1 }))
      .subscribe()
    await turns(2)
    subscription.unsubscribe()
    await turns(2)
    expect(service.calls.map(({ value, signal }) => [value, signal.aborted])).toEqual([[1, true]])
  })

  test('an error elsewhere aborts what is under way', async () => {
    const { input, service, job } = pushing()
    const failure = failureOf(job.done)
    await turns(2)
    input.next(event(1, 1))
    input.error(new Error('boom'))
    await failure
    expect(service.calls[0]?.signal.aborted).toBe(true)
  })
})
