// Laws of `deduplicate`, over events of few ids, in any order of arrival, with watermarks that rise as they like:
//
// 1. What passes, what is a duplicate and what is late is what a batch finds that looks through all that has passed.
// 2. Replaying any part of the input, while its ids are remembered, changes nothing of what comes out.
// 3. In the order of time, what comes out does not depend on the order of arrival.
// 4. However few elements a turn may take, the same comes out, every event is accounted for, and in the end nothing is held.

import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { VirtualClock } from '../lib/clock.ts'
import { type Element, event, type Event, watermark } from '../lib/element.ts'
import type { OperatorMetrics } from '../lib/metrics.ts'
import { route, run } from '../lib/run.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { deduplicate } from '../operators/deduplicate.ts'
import { fewer, runs } from './fixtures/runs.ts'

type Cause = Event<number, string, undefined>
type Input = Element<number, string, undefined>

interface Manner {
  readonly within: number
  readonly order: 'arrival' | 'time'
}

interface Outcome {
  readonly passed: readonly Input[]
  readonly duplicates: readonly Cause[]
  readonly late: readonly Cause[]
  readonly metrics: OperatorMetrics | undefined
}

const manners: fc.Arbitrary<Manner> = fc.record({
  within: fc.nat({ max: 12 }),
  order: fc.constantFrom('arrival', 'time'),
})

const causes: fc.Arbitrary<Cause> = fc
  .record({ key: fc.constantFrom('a', 'b'), value: fc.nat({ max: 3 }), time: fc.nat({ max: 40 }) })
  .map(({ key, value, time }) => event(value, time, key))

const inputs: fc.Arbitrary<readonly Input[]> = fc.array(
  fc.oneof({ weight: 4, arbitrary: causes }, { weight: 1, arbitrary: fc.nat({ max: 40 }).map(watermark) }),
  { maxLength: 40, size: 'max' },
)

async function outcomeOf(input: readonly Input[], manner: Manner, batchSize = 1_024): Promise<Outcome> {
  const late = sideOutput<Cause>('late')
  const duplicates = sideOutput<Cause>('duplicates')
  const out: { passed: Input[]; duplicates: Cause[]; late: Cause[] } = { passed: [], duplicates: [], late: [] }
  const metrics = await run(
    [
      route(
        fromIterable(input).pipe(deduplicate((n) => n, { ...manner, duplicates, late })),
        (element) => void out.passed.push(element),
      ),
      route(duplicates, (element) => void (element.kind === 'event' && out.duplicates.push(element))),
      route(late, (element) => void (element.kind === 'event' && out.late.push(element))),
    ],
    { clock: new VirtualClock(), batchSize },
  ).done
  return { ...out, metrics: metrics.operators.at(-1) }
}

/** By the rules, word by word: nothing is ever forgotten but by a look at the watermark. */
function batch(input: readonly Input[], { within, order }: Manner): Omit<Outcome, 'metrics'> {
  const passed: Input[] = []
  const duplicates: Cause[] = []
  const late: Cause[] = []
  let waiting: Cause[] = []
  let reached = -Infinity
  const judge = (cause: Cause, watermark: number): void => {
    const repeats = passed.some(
      (other) =>
        other.kind === 'event' &&
        other.key === cause.key &&
        other.value === cause.value &&
        Math.abs(other.time - cause.time) <= within &&
        other.time + within >= watermark,
    )
    if (repeats) duplicates.push(cause)
    else if (cause.time < watermark) late.push(cause)
    else passed.push(cause)
  }
  for (const element of [...input, watermark(Infinity)]) {
    if (element.kind === 'event' && order === 'arrival') judge(element, reached)
    else if (element.kind === 'event' && element.time < reached) late.push(element)
    else if (element.kind === 'event') waiting.push(element)
    else if (element.kind === 'watermark' && element.time > reached) {
      const { time } = element
      reached = time
      const due = waiting.filter((each) => each.time < time).sort((a, b) => a.time - b.time)
      waiting = waiting.filter((each) => each.time >= time)
      for (const cause of due) judge(cause, cause.time)
      passed.push(element)
    }
  }
  return { passed, duplicates, late }
}

test('1: what passes, repeats and is late is what a batch finds', async () => {
  await fc.assert(
    fc.asyncProperty(inputs, manners, async (input, manner) => {
      const { passed, duplicates, late } = await outcomeOf(input, manner)
      expect({ passed, duplicates, late }).toEqual(batch(input, manner))
    }),
    runs,
  )
})

test('2: replaying any part of the input changes nothing', async () => {
  /** An input in which ids stand for one event each, and where each of its events may be sent again. */
  const resent = fc.array(fc.record({ time: fc.nat({ max: 40 }), again: fc.array(fc.nat({ max: 20 })) }), {
    maxLength: 20,
  })
  await fc.assert(
    fc.asyncProperty(resent, fc.constantFrom('arrival' as const, 'time' as const), async (made, order) => {
      const first = made.map(({ time }, id) => event(id, time, 'a'))
      const replayed = first.map((cause, place) => ({ cause, place }))
      for (const [id, { again }] of made.entries()) {
        const cause = first[id]
        if (cause !== undefined) for (const later of again) replayed.push({ cause, place: id + later + 0.5 })
      }
      const input = replayed.sort((a, b) => a.place - b.place).map(({ cause }) => cause)
      const manner = { within: 40, order }
      const once = await outcomeOf(first, manner)
      const often = await outcomeOf(input, manner)
      expect(often.passed).toEqual(once.passed)
      expect(often.duplicates).toHaveLength(input.length - first.length)
    }),
    fewer,
  )
})

test('3: in the order of time what comes out does not depend on the order of arrival', async () => {
  const array = fc.array(causes, { maxLength: 25 })
  const shuffled = array.chain((made) =>
    fc.tuple(fc.constant(made), fc.shuffledSubarray(made, { minLength: made.length })),
  )
  await fc.assert(
    fc.asyncProperty(shuffled, fc.nat({ max: 12 }), async ([input, other], within) => {
      const manner = { within, order: 'time' } as const
      const sets = [await outcomeOf(input, manner), await outcomeOf(other, manner)].map(({ passed }) =>
        passed.map((element) => JSON.stringify(element)).sort(),
      )
      expect(sets[0]).toEqual(sets[1])
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
      const { duplicates, late, metrics, passed } = sliced
      const contributed = passed.filter(({ kind }) => kind === 'event').length
      const counts = { late: late.length, filtered: duplicates.length, contributed, held: 0, entries: 0 }
      expect(metrics).toMatchObject(counts)
    }),
    fewer,
  )
})
