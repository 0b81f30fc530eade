// Laws of several sources:
//
// 1. Sources are pulled in event-time order: always the one whose watermark is lowest, of equal ones the first. So the merged
//    stream is, element by element, what a replay of that rule predicts, whatever the chunks, the delays of reads and the sink.
//    Also for a watermark strategy that goes back.
// 2. A window behind the merged sources comes to what a batch over all of their input gives.

import fc from 'fast-check'
import type { Observable } from 'rxjs'
import { expect, test } from 'vitest'
import { type Element, event, type Stream, watermark } from '../lib/element.ts'
import { run } from '../lib/run.ts'
import { boundedOutOfOrderness } from '../lib/watermarks/bounded-out-of-orderness.ts'
import { VirtualClock } from '../lib/clock.ts'
import { assignTimestamps } from '../operators/assign-timestamps.ts'
import { map } from '../operators/map.ts'
import { merge } from '../operators/merge.ts'
import type { Arrival } from './arrival.ts'
import { events } from './events.ts'
import { batchWindows } from './batch-windows.ts'
import { finalResult } from './final-result.ts'
import { type Sample, samples } from './fixtures/aggregates.ts'
import { runs } from './fixtures/runs.ts'
import { wobbling } from './fixtures/wobbling.ts'
import { aggregateOf, isCounted, keyOf, windowed, windowings } from './fixtures/windowing.ts'
import { microtasks, type Pace, paces, steady } from './pace.ts'
import { paced } from './paced.ts'

type Arrivals = Stream<Arrival<Sample>, undefined, undefined>

interface Input {
  readonly events: readonly Arrival<Sample>[]
  readonly bound: number
  readonly wobbles: boolean
  readonly pace: Pace
}

const inputs = fc.array(
  fc.integer({ min: 0, max: 8 }).chain((bound) =>
    fc.record({
      events: events({ value: samples, span: 40, disorder: bound, edges: 5, maxLength: 12 }),
      bound: fc.constant(bound),
      wobbles: fc.boolean(),
      pace: paces(),
    }),
  ),
  { minLength: 1, maxLength: 4 },
)

test('1: sources are pulled in event-time order, at any pace', async () => {
  await fc.assert(
    fc.asyncProperty(inputs, paces(), async (made, pace) => {
      const streams = made.map(streamOf)
      const [alone, ...others] = streams
      // One alone goes without an operator that could mend its watermarks.
      const merged = alone !== undefined && others.length === 0 ? alone : merge(...streams)
      expect(await elementsOf(merged, pace)).toEqual(replayMerge(made))
    }),
    runs,
  )
})

test('2: a window behind several sources comes to what a batch over all of them gives', async () => {
  await fc.assert(
    fc.asyncProperty(inputs, paces(), windowings(fc.constant(0)), async (made, pace, windowing) => {
      const { resultOf } = aggregateOf(windowing)
      const merged = merge(...made.map(streamOf)).pipe(map(({ value }) => value))
      const elements = await elementsOf(merged.pipe(windowed(windowing)), pace)
      // Of equal times the order of arrival counts, which is that of the replay.
      const all = replayMerge(made).flatMap((element) => (element.kind === 'event' ? [element.value] : []))
      const counted = all.filter(({ value }) => isCounted(value))
      expect(finalResult(elements)).toEqual(batchWindows(counted, { ...windowing, keyOf, resultOf }))
    }),
    runs,
  )
})

function streamOf({ events, bound, wobbles, pace }: Input): Arrivals {
  const strategy = wobbles ? wobbling(bound) : boundedOutOfOrderness(bound)
  return paced(events, pace).pipe(assignTimestamps(({ time }) => time, strategy))
}

async function elementsOf<E>(stream: Observable<E>, pace: Pace = steady): Promise<E[]> {
  const elements: E[] = []
  const sink = {
    name: 'test',
    async write(batch: readonly E[]) {
      await microtasks(pace.writes[0] ?? 0)
      elements.push(...batch)
    },
  }
  await run(stream, sink, { clock: new VirtualClock(), batchSize: pace.batchSize }).done
  return elements
}

/** Takes the next event of the source whose watermark is lowest, until all are at their end. */
function replayMerge(made: readonly Input[]): Element<Arrival<Sample>, undefined, undefined>[] {
  const elements: Element<Arrival<Sample>, undefined, undefined>[] = []
  const sources = made.map(({ events, bound }) => ({ events: [...events], bound, watermark: -Infinity, ended: false }))
  let reached = -Infinity
  for (;;) {
    const lowest = Math.min(...sources.filter(({ ended }) => !ended).map((source) => source.watermark))
    const source = sources.find((each) => !each.ended && each.watermark === lowest)
    if (source === undefined) return elements
    const next = source.events.shift()
    if (next === undefined) {
      source.ended = true
      source.watermark = Infinity
    } else {
      elements.push(event(next, next.time))
      source.watermark = Math.max(source.watermark, next.time - source.bound)
    }
    const combined = Math.min(...sources.map((each) => each.watermark))
    if (combined > reached) elements.push(watermark(combined))
    reached = Math.max(reached, combined)
  }
}
