// Laws of `rateLimit`, over events of two keys in any order of arrival, with watermarks that rise as they like:
//
// 1. What passes and what is left out is what a batch finds that tries each span with everything that has passed in it.
// 2. No span of a key has more than the limit, and none that was left out would have had room.
// 3. In the order of time, the times that pass do not depend on the order of arrival.
// 4. However few elements a turn may take, the same comes out, every event is accounted for, and in the end nothing is held.

import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { VirtualClock } from '../lib/clock.ts'
import { type Element, event, type Event, watermark } from '../lib/element.ts'
import type { OperatorMetrics } from '../lib/metrics.ts'
import { route, run } from '../lib/run.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { rateLimit } from '../operators/rate-limit.ts'
import { fewer, runs } from './fixtures/runs.ts'

type Cause = Event<number, string, undefined>
type Input = Element<number, string, undefined>

interface Manner {
  readonly count: number
  readonly per: number
  readonly order: 'arrival' | 'time'
}

interface Outcome {
  readonly passed: readonly Input[]
  readonly exceeding: readonly Cause[]
  readonly late: readonly Cause[]
  readonly metrics: OperatorMetrics | undefined
}

const manners: fc.Arbitrary<Manner> = fc.record({
  count: fc.integer({ min: 1, max: 4 }),
  per: fc.integer({ min: 1, max: 15 }),
  order: fc.constantFrom('arrival', 'time'),
})

const causes: fc.Arbitrary<Cause> = fc
  .record({ key: fc.constantFrom('a', 'a', 'b'), value: fc.nat({ max: 9 }), time: fc.nat({ max: 40 }) })
  .map(({ key, value, time }) => event(value, time, key))

const inputs: fc.Arbitrary<readonly Input[]> = fc.array(
  fc.oneof({ weight: 5, arbitrary: causes }, { weight: 1, arbitrary: fc.nat({ max: 40 }).map(watermark) }),
  { maxLength: 40, size: 'max' },
)

async function outcomeOf(input: readonly Input[], { count, per, order }: Manner, batchSize = 1_024): Promise<Outcome> {
  const late = sideOutput<Cause>('late')
  const exceeding = sideOutput<Cause>('exceeding')
  const out: { passed: Input[]; exceeding: Cause[]; late: Cause[] } = { passed: [], exceeding: [], late: [] }
  const metrics = await run(
    [
      route(
        fromIterable(input).pipe(rateLimit(count, per, { order, exceeding, late })),
        (element) => void out.passed.push(element),
      ),
      route(exceeding, (element) => void (element.kind === 'event' && out.exceeding.push(element))),
      route(late, (element) => void (element.kind === 'event' && out.late.push(element))),
    ],
    { clock: new VirtualClock(), batchSize },
  ).done
  return { ...out, metrics: metrics.operators.at(-1) }
}

/** The most events that are in a span `(s - per, s]` with `time`. */
function most(times: readonly number[], time: number, per: number): number {
  const spans = Array.from({ length: per }, (_, i) => time + i)
  return Math.max(...spans.map((end) => times.filter((each) => each > end - per && each <= end).length))
}

function timesOf(passed: readonly Input[], key: string): number[] {
  return passed.flatMap((element) => (element.kind === 'event' && element.key === key ? [element.time] : []))
}

function batch(input: readonly Input[], { count, per, order }: Manner): Omit<Outcome, 'metrics'> {
  const passed: Input[] = []
  const exceeding: Cause[] = []
  const late: Cause[] = []
  let waiting: Cause[] = []
  let reached = -Infinity
  const judge = (cause: Cause): void => {
    if (most(timesOf(passed, cause.key), cause.time, per) >= count) exceeding.push(cause)
    else passed.push(cause)
  }
  for (const element of [...input, watermark(Infinity)]) {
    if (element.kind === 'event' && element.time < reached) late.push(element)
    else if (element.kind === 'event' && order === 'arrival') judge(element)
    else if (element.kind === 'event') waiting.push(element)
    else if (element.kind === 'watermark' && element.time > reached) {
      const { time } = element
      reached = time
      const due = waiting.filter((each) => each.time < time).sort((a, b) => a.time - b.time)
      waiting = waiting.filter((each) => each.time >= time)
      due.forEach(judge)
      passed.push(element)
    }
  }
  return { passed, exceeding, late }
}

test('1: what passes and what is left out is what a batch finds', async () => {
  await fc.assert(
    fc.asyncProperty(inputs, manners, async (input, manner) => {
      const { passed, exceeding, late } = await outcomeOf(input, manner)
      expect({ passed, exceeding, late }).toEqual(batch(input, manner))
    }),
    runs,
  )
})

test('2: no span has more than the limit, and what was left out would have been more', async () => {
  await fc.assert(
    fc.asyncProperty(inputs, manners, async (input, manner) => {
      const { passed, exceeding } = await outcomeOf(input, manner)
      const { count, per } = manner
      for (const key of ['a', 'b']) {
        const times = timesOf(passed, key)
        for (const time of times) expect(most(times, time, per)).toBeLessThanOrEqual(count)
        for (const { time } of exceeding.filter((each) => each.key === key)) {
          expect(most(times, time, per)).toBeGreaterThanOrEqual(count)
        }
      }
    }),
    fewer,
  )
})

test('3: in the order of time the times that pass do not depend on the order of arrival', async () => {
  const array = fc.array(causes, { maxLength: 25 })
  const shuffled = array.chain((made) =>
    fc.tuple(fc.constant(made), fc.shuffledSubarray(made, { minLength: made.length })),
  )
  await fc.assert(
    fc.asyncProperty(shuffled, manners, async ([input, other], manner) => {
      const inTime = { ...manner, order: 'time' } as const
      const [once, again] = [await outcomeOf(input, inTime), await outcomeOf(other, inTime)]
      for (const key of ['a', 'b']) expect(timesOf(again.passed, key)).toEqual(timesOf(once.passed, key))
    }),
    fewer,
  )
})

test('4: in any slices the same, with every event accounted for and nothing held', async () => {
  await fc.assert(
    fc.asyncProperty(inputs, manners, fc.integer({ min: 1, max: 4 }), async (input, manner, batchSize) => {
      const whole = await outcomeOf(input, manner)
      const sliced = await outcomeOf(input, manner, batchSize)
      expect(sliced.passed).toEqual(whole.passed)
      const { exceeding, late, metrics } = sliced
      expect(metrics).toMatchObject({ late: late.length, filtered: exceeding.length, held: 0, entries: 0 })
    }),
    fewer,
  )
})
