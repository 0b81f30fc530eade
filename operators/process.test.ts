import { from, Subject, tap } from 'rxjs'
import { describe, expect, test, vi } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { VirtualClock } from '../lib/clock.ts'
import { type Element, event, type Event, type Stream, watermark } from '../lib/element.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { turns } from '../lib/fixtures/turns.ts'
import type { KeyedOptions } from '../lib/keyed/keyed-options.ts'
import { listState } from '../lib/keyed/list-state.ts'
import { mapState } from '../lib/keyed/map-state.ts'
import type { Emit, ProcessContext, ProcessDefinition } from '../lib/keyed/process-definition.ts'
import { type ValueState, valueState } from '../lib/keyed/value-state.ts'
import type { StateSpec, StateSpecs } from '../lib/keyed/state-spec.ts'
import { run } from '../lib/run.ts'
import { isInsertOnlyStream } from '../lib/wiring/flow.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { collect } from '../testing/collect.ts'
import { runMarbles } from '../testing/run-marbles.ts'
import { process } from './process.ts'

type Nothing = Record<never, never>
type Numbers<S extends StateSpecs = Nothing, O = number> = ProcessDefinition<number, string, undefined, S, O>
type Options = KeyedOptions<number, string, undefined>

/** Runs a diagram through a process, and expects it to come out as drawn. */
async function expectProcess<S extends StateSpecs>(
  diagram: string,
  definition: Numbers<S, unknown>,
  options: Options = { keep: 100 },
): Promise<void> {
  const late = sideOutput<Event<number, string, undefined>>('late')
  const { actual, expected } = await runMarbles<number>(diagram, ({ in: source }) => ({
    out: source.pipe(process(definition, { ...options, late })),
    late,
  }))
  expect(actual).toBe(expected)
}

/** Sets a timer of the name `t`, a value later, and gives the timers that fire. */
const alarm: Numbers<Nothing, string> = {
  onEvent: ({ value, time }, { setTimer }) => setTimer(time + value, 't'),
  onTimer: ({ name, time }, _, emit) => emit(`${name}${time}`),
}

/** Counts the events of a key. */
const counting: Numbers<{ count: StateSpec<ValueState<number, number>> }> = {
  state: { count: valueState({ initial: 0 }) },
  onEvent(_, { state: { count } }, emit) {
    count.set(count.value + 1)
    emit(count.value)
  },
}

describe('a timer', () => {
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

describe('time to live', () => {
  const showing: Numbers<{ seen: StateSpec<ValueState<number>> }, unknown> = {
    state: { seen: valueState<number>({ ttl: 5 }) },
    onEvent({ value }, { state: { seen } }, emit) {
      emit(seen.value ?? 'none')
      seen.set(value)
    },
  }

  test('is over when the watermark reaches the last write + ttl', async () => {
    await expectProcess(
      `
      in    1@1    ~5  2@6    ~10  3@11   ~15  4@16   ~21  5@22
      out   none@1     1@6         2@11        3@16        none@22
      late
      `,
      showing,
    )
  })

  test('is not shortened by an earlier write', async () => {
    await expectProcess(
      `
      in    1@8     2@1  ~12  3@12
      out   none@8  1@1       2@12
      late
      `,
      showing,
    )
  })

  test('is over at once for what is written so late', async () => {
    await expectProcess(
      `
      in    ~20  1@15     2@16
      out        none@15  none@16
      late
      `,
      showing,
    )
  })

  test('frees each entry of a map and of a list, whose others stay', async () => {
    await expectProcess<{
      map: ReturnType<typeof mapState<number, number>>
      list: ReturnType<typeof listState<number>>
    }>(
      `
      in    1@1     2@3     1@4         ~7  9@7
      out   none@1  m1l1@3  m12l12@4        m1l1@7
      late
      `,
      {
        state: { map: mapState<number, number>({ ttl: 4 }), list: listState<number>({ ttl: 4 }) },
        onEvent({ value, time }, { state: { map, list } }, emit) {
          emit(map.size === 0 ? 'none' : `m${[...map.keys()].join('')}l${[...list.values()].join('')}`)
          map.set(value, time)
          list.push(value)
        },
      },
    )
  })

  test('frees what nobody looks at any more', async () => {
    const source = new Subject<Element<number, string, undefined>>()
    const storing: Numbers<{ ids: ReturnType<typeof mapState<number, true>> }> = {
      state: { ids: mapState<number, true>({ ttl: 10 }) },
      onEvent: ({ value }, { state }) => state.ids.set(value, true),
    }
    const job = run(source.pipe(process(storing, { keep: 'forever' })), () => {})
    await turns()
    for (let i = 0; i < 1_000; i++) source.next(event(i, i, 'x'))
    await turns()
    expect(job.metrics().operators[0]).toMatchObject({ entries: 1_001 })
    source.next(watermark(500))
    await turns()
    expect(job.metrics().operators[0]).toMatchObject({ entries: 1_000 - 491 + 1 })
    source.next(watermark(1_009))
    await turns()
    expect(job.metrics().operators[0]).toMatchObject({ entries: 0 })
    source.complete()
    await job.done
  })
})

test('handles do what maps, lists and values do', async () => {
  const seen: unknown[] = []
  const out = fromIterable([event(1, 1, 'x')]).pipe(
    process(
      {
        state: { value: valueState({ initial: 7 }), map: mapState<string, number>(), list: listState<number>() },
        onEvent(_, { state: { value, map, list }, key }) {
          map.set('a', 1)
          map.set('b', 2)
          map.set('a', 3)
          seen.push(map.size, map.get('a'), map.get('c'), map.has('b'), [...map.entries()], [...map.values()])
          seen.push(map.delete('a'), map.delete('a'), [...map.keys()])
          map.clear()
          seen.push(map.size)
          list.push(1)
          list.push(1)
          seen.push(list.size, [...list.values()])
          list.clear()
          seen.push(list.size, value.value)
          value.set(8)
          seen.push(value.value)
          value.clear()
          seen.push(value.value, key)
        },
      },
      { keep: 0 },
    ),
  )
  await collect(out)
  expect(seen).toEqual([
    ...[
      2,
      3,
      undefined,
      true,
      [
        ['a', 3],
        ['b', 2],
      ],
      [3, 2],
    ],
    ...[true, false, ['b'], 0, 2, [1, 1], 0, 7, 8, 7, 'x'],
  ])
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
    script: (source: Subject<Element<number, string, undefined>>, clock: VirtualClock) => Promise<void>,
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
      await clock.advanceTo(5)
      source.next(watermark(7))
      await turns()
      await clock.advanceTo(9)
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
      await clock.advanceTo(100)
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

describe('an error', () => {
  test.each<[string, Options, string, string]>([
    ['keep', { keep: -1 }, 'invalid-argument', 'process: keep must be >= 0, got -1'],
    ['keep', { keep: 'long' }, 'invalid-duration', 'process: keep'],
    [
      'order',
      { keep: 0, order: 'age' as 'time' },
      'invalid-argument',
      "process: order must be one of 'arrival', 'time', got 'age'",
    ],
  ])('is an option that is none: %s', (_, options, code, message) => {
    const error: unknown = expect.objectContaining({ code, message: expect.stringContaining(message) as string })
    expect(() => process(alarm, options)).toThrow(error as Error)
  })

  test.each([
    ['valueState', (): unknown => valueState({ ttl: 0 })],
    ['mapState', (): unknown => mapState({ ttl: 0 })],
    ['listState', (): unknown => listState({ ttl: 0 })],
  ])('is a time to live that is none: %s', (name, create) => {
    expect(create).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: `${name}: ttl must be > 0, got 0` }) as Error,
    )
  })

  test.each<[string, (context: ProcessContext<Nothing, string>, emit: Emit<number>) => void, string]>([
    ['setTimer', ({ setTimer }) => setTimer(0.5), 'setTimer: expected whole milliseconds since the epoch, got 0.5'],
    [
      'setProcessingTimer',
      ({ setProcessingTimer }) => setProcessingTimer(Number.NaN),
      'setProcessingTimer: expected whole milliseconds since the epoch, got NaN',
    ],
    ['emit', (_, emit) => emit(1, Infinity), 'emit: expected whole milliseconds since the epoch, got Infinity'],
  ])('is a time that is none: %s', async (_, call, message) => {
    const out = fromIterable([event(1, 5, 'x')]).pipe(
      process({ onEvent: (__, context, emit: Emit<number>) => call(context, emit) }, { keep: 0 }),
    )
    expect(await failureOf(collect(out))).toMatchObject({
      code: 'invalid-time',
      message: `process: ${message} (key 'x', event time 5)`,
    })
  })

  test('is a timer that sets one that is not later', async () => {
    const out = fromIterable([event(1, 5, 'x')]).pipe(
      process(
        { onEvent: (_, { setTimer }) => setTimer(7), onTimer: ({ time }, { setTimer }) => setTimer(time) },
        { keep: 0 },
      ),
    )
    expect(await failureOf(collect(out))).toMatchObject({
      code: 'invalid-argument',
      message:
        "process: setTimer: in onTimer, expected a time after the timer's own, which is 7, got 7 (key 'x', event time 7)",
    })
  })

  test('names key and event time of a timer', async () => {
    const out = fromIterable([event(5, 1, 'x')]).pipe(
      process<number, string, undefined, Nothing, string>(
        {
          ...alarm,
          onTimer() {
            throw new Error('boom')
          },
        },
        { keep: 0 },
      ),
    )
    expect(await failureOf(collect(out))).toMatchObject({
      code: 'callback',
      message: "process: boom (key 'x', event time 6)",
    })
  })

  test('is what is done when the function has returned', async () => {
    let kept: ProcessContext<{ last: StateSpec<ValueState<number>> }, string> | undefined
    let last: ValueState<number> | undefined
    let emitted: Emit<number> = vi.fn()
    const out = fromIterable([event(5, 1, 'x')]).pipe(
      process(
        {
          state: { last: valueState<number>() },
          onEvent(_, context, emit: Emit<number>) {
            kept = context
            last = context.state.last
            emitted = emit
          },
        },
        { keep: 0 },
      ),
    )
    await collect(out)
    const unsupported = expect.objectContaining({ code: 'unsupported' }) as Error
    expect(() => kept?.setTimer(5)).toThrow(unsupported)
    expect(() => kept?.state).toThrow(unsupported)
    expect(() => kept?.key).toThrow(unsupported)
    expect(() => last?.set(5)).toThrow(unsupported)
    expect(() => emitted(5)).toThrow(unsupported)
  })

  test('is a retraction, though it got past the types', async () => {
    const retraction = from([event(1, 1, 'x', -1)]) as unknown as Stream<number, string, undefined>
    expect(await failureOf(collect(retraction.pipe(process(counting, { keep: 0 }))))).toMatchObject({
      code: 'unsupported',
    })
  })
})

test('takes nothing back, also to those who do not see the types', () => {
  expect(isInsertOnlyStream(fromIterable([event(1, 1, 'x')]).pipe(process(counting, { keep: 0 })))).toBe(true)
})
