import { from } from 'rxjs'
import { describe, expect, test, vi } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { event, type Stream } from '../lib/element.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { listState } from '../lib/keyed/list-state.ts'
import { mapState } from '../lib/keyed/map-state.ts'
import type { Emit, ProcessContext } from '../lib/keyed/process-definition.ts'
import type { StateSpec } from '../lib/keyed/state-spec.ts'
import { type ValueState, valueState } from '../lib/keyed/value-state.ts'
import { collect } from '../testing/collect.ts'
import { alarm, counting, type Nothing, type Options } from './fixtures/processes.ts'
import { process } from './process.ts'

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
    expect(() => process(alarm, options)).toThrow(error)
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
