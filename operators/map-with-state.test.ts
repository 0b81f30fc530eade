import { from } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { event, type Event, type Stream, watermark } from '../lib/element.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import type { KeyedOptions } from '../lib/keyed/keyed-options.ts'
import { run } from '../lib/run.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import type { PaneInfo } from '../lib/window.ts'
import { tumbling } from '../lib/windows/tumbling.ts'
import { sum } from '../lib/aggregates/sum.ts'
import { collect } from '../testing/collect.ts'
import { runMarbles } from '../testing/run-marbles.ts'
import { mapWithState } from './map-with-state.ts'
import { window } from './window.ts'

const total = (state: number, n: number): readonly [number, number] => [state + n, state + n]

async function expectTotals(diagram: string, options: KeyedOptions<number, string, undefined>): Promise<void> {
  const late = sideOutput<Event<number, string, undefined>>('late')
  const { actual, expected } = await runMarbles<number>(diagram, ({ in: source }) => ({
    out: source.pipe(mapWithState(0, total, { ...options, late })),
    late,
  }))
  expect(actual).toBe(expected)
}

test('each key has a state of its own, and events leave at once', async () => {
  await expectTotals(
    `
    in    x:1@5  y:2@4  x:3@1  ~9  x:4@2  |
    out   x:1@5  y:2@4  x:4@1  ~9  x:8@2  |
    late
    `,
    { keep: 'forever' },
  )
})

test('in the order of time they leave when the watermark has passed them', async () => {
  await expectTotals(
    `
    in    x:1@5  x:2@4  x:3@5  y:4@4  ~5              x:9@4     ~6              |
    out                               x:2@4&y:4@4&~5            x:3@5&x:6@5&~6  |
    late                                              L(x:9@4)
    `,
    { keep: 1, order: 'time' },
  )
})

test.each([
  ['arrival', 6],
  ['arrival', 5],
  ['time', 6],
  ['time', 5],
] as const)('by %s a state is kept for as long as said, to the millisecond: %i after', async (order, gap) => {
  const input = [event(1, 10, 'x'), watermark(10 + gap), event(1, 10 + gap, 'x')]
  const out = await collect(fromIterable(input).pipe(mapWithState(0, total, { keep: 5, order })))
  const values = out.flatMap((element) => (element.kind === 'event' ? [element.value] : []))
  expect(values).toEqual([1, gap === 6 ? 1 : 2])
})

test('a state that is the initial one again is freed', async () => {
  const { operators } = await run(
    fromIterable([event(1, 1, 'x'), event(-1, 2, 'x'), event(1, 2, 'y')]).pipe(
      mapWithState(0, total, { keep: 'forever' }),
    ),
    () => {},
  ).done
  expect(operators[0]).toMatchObject({ in: 3, out: 3, contributed: 3, held: 0, entries: 0 })
})

test('keeps the pane, and gives the event to the step', async () => {
  const panes: (PaneInfo | undefined)[] = []
  const out = fromIterable([event(1, 1, 'x'), event(2, 8, 'x')]).pipe(
    window(tumbling(5), sum()),
    mapWithState(
      0,
      (state, n, { time, pane }) => {
        panes.push(pane)
        return [state + 1, `${state}: ${n}@${time}`]
      },
      { keep: 'forever' },
    ),
  )
  const events = (await collect(out)).filter((element) => element.kind === 'event')
  expect(events.map(({ value }) => value)).toEqual(['0: 1@4', '1: 2@9'])
  expect(events.map(({ pane }) => pane)).toEqual(panes)
  expect(panes.map((pane) => pane?.window.start)).toEqual([0, 5])
})

describe('an error', () => {
  test('of the step names key and event time', async () => {
    const boom = (): readonly [number, number] => {
      throw new Error('boom')
    }
    const out = fromIterable([event(1, 7, 'x'), watermark(8)]).pipe(mapWithState(0, boom, { keep: 0, order: 'time' }))
    expect(await failureOf(collect(out))).toMatchObject({
      code: 'callback',
      message: "mapWithState: boom (key 'x', event time 7)",
    })
  })

  test('is an option that is none', () => {
    expect(() => mapWithState(0, total, { keep: -1 })).toThrow('mapWithState: keep must be >= 0, got -1')
    expect(() => mapWithState(0, total, { keep: 1, order: 'age' as 'time' })).toThrow(
      "mapWithState: order must be one of 'arrival', 'time', got 'age'",
    )
  })

  test('is a retraction, though it got past the types', async () => {
    const retraction = from([event(1, 1, 'x', -1)]) as unknown as Stream<number, string, undefined>
    expect(await failureOf(collect(retraction.pipe(mapWithState(0, total, { keep: 0 }))))).toMatchObject({
      code: 'unsupported',
      message:
        "mapWithState: expected insertions only, got a retraction; what a state was made of is not taken out of it (key 'x', event time 1)",
    })
  })
})
