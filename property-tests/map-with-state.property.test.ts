// Laws of `mapWithState`, over events of several keys in any order of arrival, with watermarks that rise as they like:
//
// 1. In the order of time what comes out is a plain fold over the events that were not late, sorted by time; what was is what a
//    look at the watermark finds.
// 2. As they come, with a `keep` that is longer than all of it, it is the same fold over the events as they came.
// 3. `inOrder` gives the events in the order that this fold takes them in.

import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { type Element, event, type Event, watermark } from '../lib/element.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { inOrder } from '../operators/in-order.ts'
import { mapWithState } from '../operators/map-with-state.ts'
import { VirtualClock } from '../lib/clock.ts'
import { route, run } from '../lib/run.ts'
import { runs } from './fixtures/runs.ts'

type Cause = Event<number, string, undefined>
type Input = Element<number, string, undefined>

const inputs: fc.Arbitrary<readonly Input[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .record({
          key: fc.constantFrom('a', 'b', 'c'),
          value: fc.integer({ min: -9, max: 9 }),
          time: fc.nat({ max: 40 }),
        })
        .map(({ key, value, time }) => event(value, time, key)),
    },
    { weight: 1, arbitrary: fc.nat({ max: 40 }).map(watermark) },
  ),
  { maxLength: 40, size: 'max' },
)

/** Depends on the order of the values, and comes back to 0. */
const step = (state: number, value: number): readonly [number, number] => [(3 * state + value) % 7, 10 * state + value]

function split(input: readonly Input[]): { readonly taken: readonly Cause[]; readonly late: readonly Cause[] } {
  const taken: Cause[] = []
  const late: Cause[] = []
  let reached = -Infinity
  for (const element of input) {
    if (element.kind === 'watermark') reached = Math.max(reached, element.time)
    else if (element.kind === 'event') (element.time < reached ? late : taken).push(element)
  }
  return { taken: taken.toSorted((a, b) => a.time - b.time), late }
}

function fold(causes: readonly Cause[], keep = Infinity): readonly Cause[] {
  const states = new Map<string, { state: number; latest: number }>()
  return causes.map(({ key, value, time }) => {
    const known = states.get(key)
    const [state, result] = step(known === undefined || known.latest + keep < time ? 0 : known.state, value)
    states.set(key, { state, latest: time })
    return event(result, time, key)
  })
}

async function eventsOf(
  input: readonly Input[],
  operator: (late: ReturnType<typeof sideOutput<Cause>>) => ReturnType<typeof inOrder<number, string, undefined, 1>>,
  batchSize: number,
): Promise<{ readonly out: readonly Cause[]; readonly late: readonly Cause[]; readonly held: number | undefined }> {
  const lateOnes = sideOutput<Cause>('late')
  const out: Cause[] = []
  const late: Cause[] = []
  const metrics = await run(
    [
      route(
        fromIterable(input).pipe(operator(lateOnes)),
        (element) => void (element.kind === 'event' && out.push(element)),
      ),
      route(lateOnes, (element) => void (element.kind === 'event' && late.push(element))),
    ],
    { clock: new VirtualClock(), batchSize },
  ).done
  const operators = metrics.operators.at(-1)
  return { out, late, held: operators && operators.held + operators.entries }
}

const sizes = fc.integer({ min: 1, max: 50 })

test('1: in the order of time it is a fold over the sorted events', async () => {
  const keeps = fc.oneof(fc.constant('forever' as const), fc.nat({ max: 15 }))
  await fc.assert(
    fc.asyncProperty(inputs, keeps, sizes, async (input, keep, size) => {
      const outcome = await eventsOf(input, (late) => mapWithState(0, step, { keep, order: 'time', late }), size)
      const { taken, late } = split(input)
      expect(outcome).toEqual({ out: fold(taken, keep === 'forever' ? Infinity : keep), late, held: 0 })
    }),
    runs,
  )
})

test('2: as they come it is a fold over the events as they came', async () => {
  await fc.assert(
    fc.asyncProperty(inputs, fc.constantFrom(100, 'forever'), sizes, async (input, keep, size) => {
      const outcome = await eventsOf(input, (late) => mapWithState(0, step, { keep, late }), size)
      const causes = input.filter((element) => element.kind === 'event')
      expect(outcome).toEqual({ out: fold(causes), late: [], held: 0 })
    }),
    runs,
  )
})

test('3: inOrder gives the events in the order of their times', async () => {
  await fc.assert(
    fc.asyncProperty(inputs, sizes, async (input, size) => {
      const { taken, late } = split(input)
      expect(await eventsOf(input, (to) => inOrder({ late: to }), size)).toEqual({ out: taken, late, held: 0 })
    }),
    runs,
  )
})
