import { Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { VirtualClock } from '../lib/clock.ts'
import { type Element, event, watermark } from '../lib/element.ts'
import { turns } from '../lib/fixtures/turns.ts'
import type { StateSpec } from '../lib/keyed/state-spec.ts'
import { type ValueState, valueState } from '../lib/keyed/value-state.ts'
import { run } from '../lib/run.ts'
import { alarm, expectProcess, type Nothing, type Numbers } from './fixtures/processes.ts'
import { process } from './process.ts'

describe('an event-time timer', () => {
  test('fires when the watermark reaches it, not 1 ms earlier, before the watermark goes on', async () => {
    await expectProcess(
      `
      in    5@1  ~5  ~6        |
      out        ~5  t6@6&~6   |
      late
      `,
      alarm,
    )
  })

  test('fires in the order of times over all keys, of one time in the order in which they were set', async () => {
    await expectProcess(
      `
      in    a:9@1  b:4@2  c:4@2  d:1@2  ~20
      out                               d:t3@3&b:t6@6&c:t6@6&a:t10@10
      late
      `,
      alarm,
    )
  })

  test('is moved by another one of its name and key, forward and back', async () => {
    await expectProcess(
      `
      in    5@1  9@2  b:3@2  ~10     4@10  20@11  2@12  ~20
      out                    b:t5@5                     t14@14
      late
      `,
      {
        ...alarm,
        onEvent: ({ value, time }, { setTimer }) => setTimer(time + value, 't'),
      },
    )
  })

  test('is one of several with names of their own, and can be called off', async () => {
    await expectProcess<Nothing>(
      `
      in    1@0  2@0  3@0  7@0  ~9
      out                       1@1&3@3
      late
      `,
      {
        onEvent({ value, time }, { setTimer, clearTimer }) {
          if (value === 7) clearTimer('2')
          else setTimer(time + value, String(value))
        },
        onTimer: ({ name }, _, emit) => emit(Number(name)),
      },
    )
  })

  test('that lies in the past fires at once, no earlier than the event and the watermark both are', async () => {
    await expectProcess(
      `
      in    ~10  +-4@12  +-4@9  3@5
      out        t10@10  t9@9   t8@8
      late
      `,
      alarm,
    )
  })

  test('may set the next one, which ends with its key', async () => {
    await expectProcess<Nothing>(
      `
      in    1@1  ~5         ~6   ~20             |
      out        x@2&x@4    x@6  x@8&x@10&x@12
      late
      `,
      {
        onEvent: ({ value, time }, { setTimer }) => setTimer(time + value),
        onTimer({ time }, { setTimer }, emit) {
          setTimer(time + 2)
          emit('x')
        },
      },
      { keep: 11 },
    )
  })

  test('that sets the next one has an end though the key is kept for ever', async () => {
    await expectProcess<Nothing>(
      `
      in    1@1  9@6  |
      out             x@2&x@4&x@6&x@15
      late
      `,
      {
        onEvent: ({ value, time }, { setTimer }) => setTimer(time + value, String(value)),
        onTimer({ time, name }, { setTimer }, emit) {
          setTimer(time + 2, name)
          emit('x')
        },
      },
      { keep: 'forever' },
    )
  })

  test('of an event is waited for, beyond what the key is kept', async () => {
    await expectProcess<{ seen: StateSpec<ValueState<number>> }>(
      `
      in    9@1  ~9  5@8          ~20
      out        ~9               9@10&~20
      late           L(5@8)
      `,
      {
        state: { seen: valueState<number>() },
        onEvent({ value, time }, { state, setTimer }) {
          state.seen.set(value)
          setTimer(time + value)
        },
        onTimer: (_, { state }, emit) => emit(state.seen.value),
      },
      { keep: 0 },
    )
  })
})

test('as many timers as one watermark may fire leave in turns, as the sink takes them', async () => {
  const sizes: number[] = []
  const events = Array.from({ length: 50 }, (_, i) => event(100 - i, i, `${i}`))
  await run(
    fromIterable(events).pipe(process(alarm, { keep: 200 })),
    {
      name: 'sizes',
      write(batch) {
        sizes.push(batch.length)
      },
    },
    { batchSize: 5 },
  ).done
  expect(sizes.reduce((a, b) => a + b)).toBe(51)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(6)
})

describe('a processing-time timer', () => {
  const flushing: Numbers<{ count: StateSpec<ValueState<number, number>> }, string> = {
    state: { count: valueState({ initial: 0 }) },
    onEvent({ value }, { state: { count }, now, setProcessingTimer, clearProcessingTimer }) {
      count.set(count.value + 1)
      if (value === 0) clearProcessingTimer('flush')
      else setProcessingTimer(now + value, 'flush')
    },
    onTimer({ domain, name, time }, { state: { count }, now }, emit) {
      emit(`${domain} ${name} ${time} at ${now}: ${count.value}`)
      count.clear()
    },
  }

  async function outOf(
    script: (source: Subject<Element<number, string, undefined>>, clock: VirtualClock) => Promise<void> | void,
    keep: number | string = 10,
  ): Promise<readonly Element<string, string, undefined>[]> {
    const clock = new VirtualClock()
    const source = new Subject<Element<number, string, undefined>>()
    const out: Element<string, string, undefined>[] = []
    const job = run(source.pipe(process(flushing, { keep })), (element) => void out.push(element), { clock })
    await turns()
    await script(source, clock)
    source.complete()
    const { operators, balanced } = await job.done
    expect(balanced).toBe(true)
    expect(operators[0]).toMatchObject({ held: 0, entries: 0 })
    return out
  }

  test('fires when the clock reaches it, with the time of the latest event, or the watermark', async () => {
    const out = await outOf(async (source, clock) => {
      source.next(event(5, 3, 'a'))
      source.next(event(5, 1, 'a'))
      source.next(event(9, 1, 'b'))
      await turns()
      clock.advanceTo(5)
      await turns()
      source.next(watermark(7))
      await turns()
      clock.advanceTo(9)
    })
    expect(out).toEqual([
      event('processing flush 5 at 5: 2', 3, 'a'),
      watermark(7),
      event('processing flush 9 at 9: 1', 7, 'b'),
      watermark(Infinity),
    ])
  })

  test('is moved by another one, and can be called off', async () => {
    const out = await outOf(async (source, clock) => {
      source.next(event(5, 1, 'a'))
      source.next(event(8, 2, 'a'))
      source.next(event(5, 2, 'b'))
      source.next(event(0, 2, 'b'))
      await turns()
      clock.advanceTo(100)
    })
    expect(out).toEqual([event('processing flush 8 at 8: 2', 2, 'a'), watermark(Infinity)])
  })

  test('fires when its key is freed, or the input ends, if that is earlier', async () => {
    const out = await outOf(async (source) => {
      source.next(event(50, 1, 'a'))
      source.next(event(50, 9, 'b'))
      source.next(watermark(5))
      source.next(watermark(12))
    })
    expect(out).toEqual([
      watermark(5),
      event('processing flush 50 at 0: 1', 5, 'a'),
      watermark(12),
      event('processing flush 50 at 0: 1', 12, 'b'),
      watermark(Infinity),
    ])
  })

  test('fires in the order of times where its key is freed; one that it sets then is called off', async () => {
    const clock = new VirtualClock()
    const source = new Subject<Element<number, string, undefined>>()
    const out: unknown[] = []
    const again: Numbers<Nothing, string> = {
      onEvent(_, { setProcessingTimer }) {
        setProcessingTimer(50, 'late')
        setProcessingTimer(40, 'early')
      },
      onTimer({ name, time }, { setProcessingTimer }, emit) {
        emit(`${name} ${time}`)
        setProcessingTimer(time + 50, name)
      },
    }
    const job = run(source.pipe(process(again, { keep: 0 })), (element) => void out.push(element), { clock })
    await turns()
    source.next(event(1, 1, 'a'))
    source.next(watermark(2))
    await turns()
    clock.advanceTo(1_000)
    await turns()
    expect(out).toEqual([event('early 40', 1, 'a'), event('late 50', 1, 'a'), watermark(2)])
    expect(job.metrics().operators[0]).toMatchObject({ entries: 0 })
    source.complete()
    await job.done
  })
})
