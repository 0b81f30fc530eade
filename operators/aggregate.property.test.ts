// Laws of `aggregate`, over changelogs of several keys whose watermarks rise as they like:
//
// 1. At any moment insertions minus retractions of what came out is, for each key, the batch result of insertions minus
//    retractions of what came in; and nothing where nothing is left.
// 2. With `keep` the elements that come out, and those that are late, are what a replay predicts that keeps every event and
//    looks at all of them anew at each step.
// 3. However few elements a turn may take, the same elements come out, every event is accounted for, nothing is kept.
// 4. What comes out for a key is the same when the events of the others are left out.
// 5. Behind windows that revise their results, with a `keep` of their allowed lateness, nothing is late, and what stands in the
//    end is made of what stands of theirs.

import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { tap } from 'rxjs'
import { expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { collect } from '../lib/aggregates/collect.ts'
import { countDistinct } from '../lib/aggregates/count-distinct.ts'
import { sum } from '../lib/aggregates/sum.ts'
import { VirtualClock } from '../lib/clock.ts'
import { type Diff, type Element, event, type Event, watermark } from '../lib/element.ts'
import type { OperatorMetrics } from '../lib/metrics.ts'
import { route, run } from '../lib/run.ts'
import type { PaneInfo } from '../lib/window.ts'
import { tumbling } from '../lib/windows/tumbling.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { aggregate } from './aggregate.ts'
import { keyBy } from './key-by.ts'
import { window } from './window.ts'

type Change = Event<number, string, undefined, Diff>
type Input = Element<number, string, undefined, Diff>

interface Result {
  readonly total: number
  readonly kinds: number
  readonly all: readonly number[]
}

type Output = Element<Result, string, undefined, Diff>

interface Outcome {
  readonly elements: readonly Output[]
  readonly late: readonly Change[]
  readonly metrics: OperatorMetrics | undefined
}

const spec = { total: sum(), kinds: countDistinct<number>(), all: collect<number>() }

/** The same, of all values at once, which come in the order of arrival. */
function batch(live: readonly Change[]): Result {
  const all = live.toSorted((a, b) => a.time - b.time).map(({ value }) => value)
  return { total: all.reduce((total, n) => total + n, 0), kinds: new Set(all).size, all }
}

/** An insertion, or the retraction of one of those before that has not been taken back, or a watermark. */
const steps = fc.record({
  what: fc.constantFrom('insert', 'insert', 'retract', 'watermark'),
  key: fc.constantFrom('a', 'b', 'c'),
  value: fc.integer({ min: -2, max: 5 }),
  time: fc.integer({ min: 0, max: 30 }),
  which: fc.nat(),
})

const inputs: fc.Arbitrary<Input[]> = fc.array(steps, { maxLength: 40 }).map((made) => {
  const live: Change[] = []
  return made.flatMap(({ what, key, value, time, which }): Input[] => {
    if (what === 'watermark') return [watermark(time)]
    if (what === 'insert') {
      const inserted = event(value, time, key)
      live.push(inserted)
      return [inserted]
    }
    const [taken] = live.splice(which % live.length, 1)
    return taken === undefined ? [] : [event(taken.value, taken.time, taken.key, -1)]
  })
})

const keeps = fc.integer({ min: 0, max: 20 })

async function outcomeOf(input: readonly Input[], keep: number | string, batchSize = 1_024): Promise<Outcome> {
  const late = sideOutput<Change>('late')
  const elements: Output[] = []
  const lateOnes: Change[] = []
  const stream = fromIterable(input).pipe(aggregate(spec, { keep, late }))
  const metrics = await run(
    [route(stream, (element) => void elements.push(element)), route(late, (element) => void lateOnes.push(element))],
    { clock: new VirtualClock(), batchSize },
  ).done
  return { elements, late: lateOnes, metrics: metrics.operators.at(-1) }
}

/** Takes away one that is equal. */
function takeAway<V, K, P>(from: Event<V, K, P, Diff>[], taken: Event<V, K, P, Diff>): void {
  const index = from.findLastIndex((each) => isDeepStrictEqual({ ...each, diff: -1 }, taken))
  expect(index).toBeGreaterThanOrEqual(0)
  from.splice(index, 1)
}

test('1: at any moment what came out is what a batch makes of what came in', async () => {
  await fc.assert(
    fc.asyncProperty(inputs, async (input) => {
      const { elements } = await outcomeOf(input, 'forever')
      const out = elements.filter((element) => element.kind === 'event')
      const live: Change[] = []
      const standing: Event<Result, string, undefined, Diff>[] = []
      for (const cause of input) {
        if (cause.kind !== 'event') continue
        const had = live.some(({ key }) => key === cause.key)
        if (cause.diff === 1) live.push(cause)
        else takeAway(live, cause)
        const ofKey = live.filter(({ key }) => key === cause.key)
        for (const each of out.splice(0, (had ? 1 : 0) + (ofKey.length > 0 ? 1 : 0))) {
          if (each.diff === 1) standing.push(each)
          else takeAway(standing, each)
        }
        const results = standing.filter(({ key }) => key === cause.key).map(({ value }) => value)
        expect(results).toEqual(ofKey.length > 0 ? [batch(ofKey)] : [])
      }
      expect(out).toEqual([])
    }),
    { numRuns: 500 },
  )
})

test('2: with `keep` elements and late events are what a replay predicts', async () => {
  await fc.assert(
    fc.asyncProperty(inputs, keeps, async (input, keep) => {
      const { elements, late } = await outcomeOf(input, keep)
      expect({ elements, late }).toEqual(replay(input, keep))
    }),
    { numRuns: 500 },
  )
})

test('3: in any slices the same, with every event accounted for and nothing kept', async () => {
  await fc.assert(
    fc.asyncProperty(inputs, keeps, fc.integer({ min: 1, max: 5 }), async (input, keep, batchSize) => {
      const whole = await outcomeOf(input, keep)
      const sliced = await outcomeOf(input, keep, batchSize)
      expect(sliced.elements).toEqual(whole.elements)
      const came = input.filter(({ kind }) => kind === 'event').length
      expect(sliced.metrics).toMatchObject({
        in: came,
        late: sliced.late.length,
        contributed: came - sliced.late.length,
        held: 0,
        entries: 0,
      })
    }),
    { numRuns: 300 },
  )
})

test('4: a key alone gives what it gives among others', async () => {
  await fc.assert(
    fc.asyncProperty(inputs, keeps, async (input, keep) => {
      const isOfA = (element: { kind: string; key?: string }): boolean =>
        element.kind !== 'event' || element.key === 'a'
      const among = await outcomeOf(input, keep)
      const alone = await outcomeOf(input.filter(isOfA), keep)
      expect(among.elements.filter(isOfA)).toEqual(alone.elements)
    }),
    { numRuns: 300 },
  )
})

test('5: behind windows that revise their results, what stands is made of what stands of theirs', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { maxLength: 40 }), keeps, async (made, allowedLateness) => {
      const input = made.map(({ what, key, value, time }) =>
        what === 'watermark' ? watermark(time) : event(value, time, key),
      )
      const panes: Event<number, boolean, PaneInfo, Diff>[] = []
      const totals: Event<Result, boolean, undefined, Diff>[] = []
      const sums = fromIterable(input).pipe(
        window(tumbling(5), sum(), { allowedLateness, accumulation: 'retracting' }),
        keyBy((n) => n % 2 === 0),
        tap((element) => element.kind === 'event' && panes.push(element)),
        aggregate(spec, { keep: allowedLateness }),
      )
      const metrics = await run(sums, (element) => void (element.kind === 'event' && totals.push(element)), {
        clock: new VirtualClock(),
      }).done
      expect(metrics.operators.at(-1)).toMatchObject({ late: 0, held: 0, entries: 0 })
      // A key that was freed and came again has a result of each time.
      for (const key of [true, false]) {
        const isOfKey = (each: { key: boolean }): boolean => each.key === key
        const counted = standing(totals)
          .filter(isOfKey)
          .flatMap(({ value }) => value.all)
        const left = standing(panes)
          .filter(isOfKey)
          .map(({ value }) => value)
        expect(counted.sort((a, b) => a - b)).toEqual(left.sort((a, b) => a - b))
      }
    }),
    { numRuns: 300 },
  )
})

/** What insertions leave when the retractions have taken theirs away. */
function standing<V, K, P>(changes: readonly Event<V, K, P, Diff>[]): Event<V, K, P, Diff>[] {
  const left: Event<V, K, P, Diff>[] = []
  for (const change of changes)
    if (change.diff === 1) left.push(change)
    else takeAway(left, change)
  return left
}

/** By the rules, word by word. */
function replay(input: readonly Input[], keep: number): Pick<Outcome, 'elements' | 'late'> {
  const elements: Output[] = []
  const late: Change[] = []
  /** All that was taken for a key since it was last without values or freed. */
  const taken = new Map<string, { events: Change[]; given: Event<Result, string, undefined> | undefined }>()
  let reached = -Infinity
  for (const element of [...input, watermark(Infinity)]) {
    if (element.kind === 'watermark' && element.time > reached) {
      reached = element.time
      elements.push(watermark(reached))
      for (const [key, { events }] of taken) {
        const latest = Math.max(...events.map(({ time }) => time))
        if (latest + keep < reached) taken.delete(key)
      }
    } else if (element.kind === 'event' && element.time + keep < reached) late.push(element)
    else if (element.kind === 'event') {
      const { key, time } = element
      const state = taken.get(key) ?? { events: [], given: undefined }
      taken.set(key, state)
      state.events.push(element)
      const live = standing(state.events)
      if (state.given !== undefined) elements.push(event(state.given.value, state.given.time, key, -1))
      if (live.length === 0) taken.delete(key)
      else elements.push((state.given = event(batch(live), time, key)))
    }
  }
  return { elements, late }
}
