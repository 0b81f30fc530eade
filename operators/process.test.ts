import { from, Subject, tap } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { type Element, event, watermark } from '../lib/element.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { turns } from '../lib/fixtures/turns.ts'
import type { Emit } from '../lib/keyed/process-definition.ts'
import type { StateSpec } from '../lib/keyed/state-spec.ts'
import { type ValueState, valueState } from '../lib/keyed/value-state.ts'
import { run } from '../lib/run.ts'
import { isInsertOnlyStream } from '../lib/wiring/flow.ts'
import { collect } from '../testing/collect.ts'
import { counting, expectProcess, type Nothing, type Numbers } from './fixtures/processes.ts'
import { process } from './process.ts'

describe('in the order of time', () => {
  test('events wait until the watermark has passed them, and a timer comes before the events of its time', async () => {
    await expectProcess<Nothing>(
      `
      in    4@3  1@7  1@5  ~7                     ~8             6@7
      out                  4@3&1@5&t6@6&t7@7&~7   1@7&t8@8&~8
      late                                                       L(6@7)
      `,
      {
        onEvent({ value, time }, { setTimer }, emit) {
          emit(value)
          setTimer(time + value, String(time))
        },
        onTimer: ({ time }, _, emit) => emit(`t${time}`),
      },
      { keep: 0, order: 'time' },
    )
  })

  test('the watermark is seen as if one came in front of each', async () => {
    await expectProcess<Nothing>(
      `
      in    5@3  1@5  ~99
      out             3@3&5@5&6@6&8@8
      late
      `,
      {
        onEvent({ value, time }, { watermark: reached, setTimer }, emit) {
          emit(reached)
          setTimer(time + value, String(time))
        },
        onTimer: (_, { watermark: reached }, emit) => emit(reached),
      },
      { keep: 0, order: 'time' },
    )
  })
})

describe('a key', () => {
  test('is freed when the watermark is more than `keep` beyond its latest event', async () => {
    await expectProcess(
      `
      in    1@5  1@3  ~15  1@5  ~16  1@6  1@5
      out   1@5  2@3  ~15  3@5  ~16  1@6
      late                                L(1@5)
      `,
      counting,
      { keep: 10 },
    )
  })

  test('is freed by clearing its state, though it is kept for ever', async () => {
    const clearing: Numbers<{ seen: StateSpec<ValueState<number>> }> = {
      state: { seen: valueState<number>() },
      onEvent({ value }, { state: { seen } }) {
        if (value === 0) seen.clear()
        else seen.set(value)
      },
    }
    const source = new Subject<Element<number, string, undefined>>()
    const job = run(source.pipe(process(clearing, { keep: 'forever' })), () => {})
    await turns()
    source.next(event(1, 1, 'a'))
    source.next(event(2, 1, 'b'))
    await turns()
    expect(job.metrics().operators[0]).toMatchObject({ in: 2, contributed: 2, held: 0, entries: 4 })
    source.next(event(0, 1, 'a'))
    await turns()
    expect(job.metrics().operators[0]).toMatchObject({ entries: 2 })
    source.complete()
    expect((await job.done).operators[0]).toMatchObject({ entries: 0 })
  })
})

describe('emit', () => {
  test('gives another time, not before the one at hand or the watermark', async () => {
    await expectProcess<Nothing>(
      `
      in    3@5  ~4  4@5  5@3
      out   5@5  ~4  4@4  3@3
      late
      `,
      {
        onEvent: ({ value, time }, _, emit) =>
          emit(value === 3 ? time : value === 4 ? 4 : time, value === 4 ? 4 : time),
      },
    )
  })

  test.each([
    { order: 'arrival', time: 3, least: 4 },
    { order: 'time', time: 4, least: 5 },
  ] as const)('refuses a time that would be late: $order', async ({ order, time, least }) => {
    const source = from([watermark(4), event(1, 5, 'x'), watermark(6)])
    const out = source.pipe(
      process({ onEvent: ({ value }, _, emit: Emit<number>) => emit(value, time) }, { keep: 0, order }),
    )
    expect(await failureOf(collect(out))).toMatchObject({
      code: 'invalid-time',
      message: `process: emit: expected a time >= ${least}, so that it is not late for what follows, got ${time} (key 'x', event time 5)`,
    })
  })

  test('leaves when the function has returned, whose state is complete when it comes back as an event', async () => {
    const source = new Subject<Element<number, string, undefined>>()
    const order: number[] = []
    const doubling = process<number, string, undefined, { last: StateSpec<ValueState<number, number>> }, number>(
      {
        state: { last: valueState({ initial: 0 }) },
        onEvent({ value }, { state: { last } }, emit) {
          emit(10 * last.value + value)
          emit(-value)
          last.set(value)
        },
      },
      { keep: 'forever' },
    )
    const looped = source.pipe(
      doubling,
      tap((element) => {
        if (element.kind !== 'event') return
        order.push(element.value)
        if (element.value === 1) source.next(event(2, 1, 'x'))
      }),
    )
    const job = run(looped, () => {})
    await turns()
    source.next(event(1, 1, 'x'))
    source.complete()
    expect((await job.done).balanced).toBe(true)
    expect(order).toEqual([1, -1, 12, -2])
  })
})

test('an event that comes in while a function is called is handled by itself', async () => {
  const source = new Subject<Element<number, string, undefined>>()
  const pushing = process<number, string, undefined, { sum: StateSpec<ValueState<number, number>> }, string>(
    {
      state: { sum: valueState({ initial: 0 }) },
      onEvent({ value }, context, emit) {
        if (value === 1) source.next(event(2, 7, 'y'))
        context.state.sum.set(context.state.sum.value + value)
        emit(`${context.key} ${context.state.sum.value}`)
      },
    },
    { keep: 'forever' },
  )
  const out: unknown[] = []
  const job = run(source.pipe(pushing), (element) => void out.push(element))
  await turns()
  source.next(event(1, 3, 'x'))
  source.complete()
  await job.done
  expect(out).toEqual([event('y 2', 7, 'y'), event('x 1', 3, 'x'), watermark(Infinity)])
})

test('takes nothing back, also to those who do not see the types', () => {
  expect(isInsertOnlyStream(fromIterable([event(1, 1, 'x')]).pipe(process(counting, { keep: 0 })))).toBe(true)
})
