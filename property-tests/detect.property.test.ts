// Laws of `detect`, over short streams of two keys that arrive in any order, with watermarks that rise as they like:
//
// 1. What comes out, and what runs out of time, is what a search through all choices of events finds, in order and with the same
//    times, whatever the skip strategy; what is late is in none of it.
// 2. The result of what is on time does not depend on the order of arrival, nor on the watermarks.
// 3. However few elements a turn may take, the same comes out, every event is accounted for at the end, and nothing is held.
// 4. Nothing leaves behind the watermark that came out.

import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { VirtualClock } from '../lib/clock.ts'
import { type Element, event, type Event, watermark } from '../lib/element.ts'
import type { OperatorMetrics } from '../lib/metrics.ts'
import type { Skip } from '../lib/patterns/skip.ts'
import { route, run } from '../lib/run.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { detect, type TimedOut } from '../operators/detect.ts'
import { expectedMatches, type Leaving } from './fixtures/expected-matches.ts'
import { type Letter, patternOf, patterns, type StageData } from './fixtures/pattern-data.ts'
import type { Timed } from './fixtures/pattern-oracle.ts'
import { fewer, runs } from './fixtures/runs.ts'

type Cause = Event<Letter, string, undefined>
type Input = Element<Letter, string, undefined>

interface Manner {
  readonly stages: readonly StageData[]
  readonly within: number
  readonly skip: Skip
}

interface Outcome {
  /** In order: a match, or a watermark. */
  readonly out: readonly (string | number)[]
  readonly matches: readonly string[]
  readonly timedOut: readonly string[]
  readonly late: readonly Cause[]
  readonly metrics: OperatorMetrics | undefined
  readonly isOnTime: boolean
}

const causes: fc.Arbitrary<Cause> = fc
  .record({
    letter: fc.constantFrom('a', 'a', 'b', 'b', 'c', 'd'),
    size: fc.nat({ max: 9 }),
    time: fc.nat({ max: 12 }),
    key: fc.constantFrom('x', 'x', 'x', 'y'),
  })
  .map(({ letter, size, time, key }) => event({ letter, size }, time, key))

const streams: fc.Arbitrary<readonly Cause[]> = fc.array(causes, { minLength: 3, maxLength: 9, size: 'max' })

const inputs: fc.Arbitrary<readonly Input[]> = fc
  .tuple(streams, fc.array(fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 14 })), { maxLength: 4 }))
  .map(([events, marks]) => {
    const elements: Input[] = [...events]
    for (const [at, time] of marks) elements.splice(at, 0, watermark(time))
    return elements
  })

const manners: fc.Arbitrary<Manner> = patterns.chain((stages) =>
  fc.record({
    stages: fc.constant(stages),
    within: fc.integer({ min: 4, max: 14 }),
    skip: fc.oneof(
      fc.constant('none' as const),
      fc.constantFrom('to-next' as const, 'past-last' as const),
      fc.constantFrom(...stages).map(({ name }) => ({ toFirst: name })),
      fc.constantFrom(...stages).map(({ name }) => ({ toLast: name })),
    ),
  }),
)

async function outcomeOf(
  input: readonly Input[],
  { stages, within, skip }: Manner,
  batchSize = 1_024,
): Promise<Outcome> {
  const late = sideOutput<Cause>('late')
  const parts = sideOutput<Event<TimedOut<ReturnType<typeof patternOf>>, string, undefined>>('timed out')
  const out: (string | number)[] = []
  const timedOut: string[] = []
  const lateOnes: Cause[] = []
  let reached = -Infinity
  let isOnTime = true
  const found = fromIterable(input).pipe(detect(patternOf(stages, within), { skip, late, timedOut: parts }))
  const metrics = await run(
    [
      route(found, (element) => {
        if (element.kind === 'watermark') out.push((reached = element.time))
        if (element.kind !== 'event') return
        isOnTime &&= element.time >= reached
        out.push(textOf(element.key, element.time, element.value))
      }),
      route(parts, ({ key, time, value }) => void timedOut.push(textOf(key, time, value.matched, value.reached))),
      route(late, (element) => void lateOnes.push(element)),
    ],
    { clock: new VirtualClock(), batchSize },
  ).done
  expect(metrics.balanced).toBe(true)
  const matches = out.filter((each) => typeof each === 'string')
  return { out, matches, timedOut, late: lateOnes, metrics: metrics.operators.at(-1), isOnTime }
}

/** By the definitions, for each key; `late` are those that come behind the watermark. */
function expectedOf(input: readonly Input[], { stages, within, skip }: Manner) {
  const late: Cause[] = []
  const onTime: Cause[] = []
  let reached = -Infinity
  for (const element of input) {
    if (element.kind === 'watermark') reached = Math.max(reached, element.time)
    if (element.kind === 'event') (element.time < reached ? late : onTime).push(element)
  }
  const perKey = ['x', 'y'].map((key) => {
    const events: readonly Timed[] = onTime.filter((each) => each.key === key).toSorted((a, b) => a.time - b.time)
    const { matches, timedOut } = expectedMatches(stages, within, events, skip)
    const text = ({ picks, at }: Leaving, reachedStage?: string): string => {
      const match: Record<string, unknown> = {}
      for (const { name, loop } of stages) match[name] = loop === undefined ? undefined : []
      for (const { at: place, stage } of picks) {
        const { name = '', loop } = stages[stage] ?? {}
        const value = events[place]?.value
        if (loop === undefined) match[name] = value
        else (match[name] as unknown[]).push(value)
      }
      return textOf(key, at[1] === 0 ? at[0] - 1 : at[0], match, reachedStage)
    }
    return {
      matches: matches.map((each) => text(each)),
      timedOut: timedOut.map((each) => text(each, stages[each.picks.at(-1)?.stage ?? 0]?.name)),
    }
  })
  return { late, perKey }
}

function textOf(key: string, time: number, match: object, reached = ''): string {
  const values = Object.entries(match).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  return `${key}@${time} ${reached} ${values.join(' ')}`
}

function timesOf(texts: readonly string[]): readonly number[] {
  return texts.map((text) => Number(/@(-?\d+)/.exec(text)?.[1]))
}

test('1: all that a search through all choices finds, and nothing else, comes out in order', async () => {
  await fc.assert(
    fc.asyncProperty(inputs, manners, async (input, manner) => {
      const { matches, timedOut, late } = await outcomeOf(input, manner)
      const expected = expectedOf(input, manner)
      expect(late).toEqual(expected.late)
      for (const [i, key] of ['x', 'y'].entries()) {
        expect(matches.filter((text) => text.startsWith(key))).toEqual(expected.perKey[i]?.matches)
        expect(timedOut.filter((text) => text.startsWith(key))).toEqual(expected.perKey[i]?.timedOut)
      }
      for (const times of [timesOf(matches), timesOf(timedOut)]) expect(times).toEqual(times.toSorted((a, b) => a - b))
    }),
    runs,
  )
})

test('2: the order of arrival and the watermarks change nothing', async () => {
  const shuffled = streams.chain((events) =>
    fc.record({
      // Events of one time are told apart by their arrival.
      events: fc.constant(events.filter(({ time }, i) => events.findIndex((other) => other.time === time) === i)),
      places: fc.array(fc.nat({ max: 1_000 }), { minLength: 9, maxLength: 9 }),
      withWatermarks: fc.boolean(),
    }),
  )
  await fc.assert(
    fc.asyncProperty(shuffled, manners, async ({ events, places, withWatermarks }, manner) => {
      const inOrder = events.toSorted((a, b) => a.time - b.time)
      const marked = inOrder.flatMap((each): Input[] => (withWatermarks ? [watermark(each.time), each] : [each]))
      const anyhow = events
        .map((each, i) => ({ each, place: places[i] ?? 0 }))
        .toSorted((a, b) => a.place - b.place)
        .map(({ each }) => each)
      const [one, other] = [await outcomeOf(marked, manner), await outcomeOf(anyhow, manner)]
      expect({ matches: one.matches, timedOut: one.timedOut }).toEqual({
        matches: other.matches,
        timedOut: other.timedOut,
      })
    }),
    fewer,
  )
})

test('3, 4: in any slices the same, on time, with every event accounted for and nothing held', async () => {
  await fc.assert(
    fc.asyncProperty(inputs, manners, fc.integer({ min: 1, max: 4 }), async (input, manner, batchSize) => {
      const whole = await outcomeOf(input, manner)
      const sliced = await outcomeOf(input, manner, batchSize)
      expect(sliced.out).toEqual(whole.out)
      expect(sliced.timedOut).toEqual(whole.timedOut)
      expect(whole.isOnTime).toBe(true)
      const came = input.filter(({ kind }) => kind === 'event').length
      const { contributed = 0, filtered = 0, late = 0 } = sliced.metrics ?? {}
      expect(contributed + filtered + late).toBe(came)
      expect(sliced.metrics).toMatchObject({ held: 0, entries: 0 })
    }),
    fewer,
  )
})
