// Laws of where events and watermarks come from:
//
// 1. A source that pushes gives the same elements as one that is pulled: all at once, with timestamps assigned here or with
//    elements that bring their watermarks; and bit by bit while the job is at work, then also the same late events.
// 2. A job that is subscribed to gives the same elements as one that is run.

import fc from 'fast-check'
import { from, type Observable, Subject } from 'rxjs'
import { expect, test } from 'vitest'
import { VirtualClock } from '../lib/clock.ts'
import { type Element, event, type Event, type Stream, watermark } from '../lib/element.ts'
import { route, run } from '../lib/run.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { boundedOutOfOrderness } from '../lib/watermarks/bounded-out-of-orderness.ts'
import type { PaneInfo } from '../lib/window.ts'
import { assignTimestamps } from '../operators/assign-timestamps.ts'
import { map } from '../operators/map.ts'
import type { Arrival } from './arrival.ts'
import { events } from './events.ts'
import { type Sample, samples } from './fixtures/aggregates.ts'
import { runs } from './fixtures/runs.ts'
import { experimentOf, windowBy, windowed, windowings } from './fixtures/windowing.ts'
import { microtasks, type Pace, paces } from './pace.ts'
import { paced } from './paced.ts'
import { ingressId, trial } from './trial.ts'

type Samples = Stream<Sample, undefined, undefined>
type Results = Stream<unknown, string, PaneInfo>

const beyond = events({ value: samples, span: 40, disorder: 8, lateness: 40, edges: 5, maxLength: 30 })
const lenient = windowings(fc.constant(8), fc.integer({ min: 0, max: 20 }))
/** Watermarks that no strategy here makes: several at once, and lower ones. */
const extra = fc.array(fc.tuple(fc.nat({ max: 30 }), fc.integer({ min: -30, max: 30 })), { maxLength: 8 })

test('1: pushed and pulled, with timestamps assigned here', async () => {
  await fc.assert(
    fc.asyncProperty(lenient, beyond, paces(), async (windowing, events, pace) => {
      const pulled = await elementsOf(assigned(paced(events, pace), windowing.bound).pipe(windowed(windowing)), pace)
      const pushed = await elementsOf(assigned(from(events), windowing.bound).pipe(windowed(windowing)), pace)
      expect(pushed).toEqual(pulled)
    }),
    runs,
  )
})

test('1: pushed and pulled, as elements with watermarks', async () => {
  await fc.assert(
    fc.asyncProperty(lenient, beyond, extra, paces(), async (windowing, events, watermarks, pace) => {
      const elements: Element<Sample, string, undefined>[] = events.map(({ value, time }) =>
        event(value, time, value.key),
      )
      for (const [at, time] of watermarks) elements.splice(at, 0, watermark(time))
      const pulled = await elementsOf(paced(elements, pace).pipe(windowBy(windowing)), pace)
      const pushed = await elementsOf(from(elements).pipe(windowBy(windowing)), pace)
      expect(pushed).toEqual(pulled)
    }),
    runs,
  )
})

test('1: pushed while the job is at work, and pulled', async () => {
  await fc.assert(
    fc.asyncProperty(lenient, beyond, paces(), async (windowing, events, pace) => {
      const { elements, late, metrics } = await trial(experimentOf(windowing), events, { pace })
      const hot = new Subject<Arrival<Sample>>()
      const lateOutput = sideOutput<Event<Sample, string, undefined>>('late')
      const seen: Element<unknown, string, PaneInfo>[] = []
      const seenLate: Event<Sample, string, undefined>[] = []
      const stream = assigned(hot, windowing.bound).pipe(windowed(windowing, lateOutput))
      const routes = [route(stream, (e) => void seen.push(e)), route(lateOutput, (e) => void seenLate.push(e))]
      const job = run(routes, { clock: new VirtualClock(), batchSize: pace.batchSize })
      // Until it has started.
      await microtasks(2)
      for (const [i, arrival] of events.entries()) {
        await microtasks(pace.reads[i % pace.reads.length] ?? 0)
        hot.next(arrival)
      }
      hot.complete()
      expect((await job.done).operators).toEqual(metrics.operators)
      expect(seen).toEqual(elements)
      expect(seenLate).toEqual(late)
    }),
    runs,
  )
})

test('2: run and subscribed to', async () => {
  await fc.assert(
    fc.asyncProperty(lenient, beyond, paces(), async (windowing, events, pace) => {
      const stream = assigned(paced(events, pace), windowing.bound).pipe(windowed(windowing))
      const elements = await elementsOf(stream, pace)
      const seen: Element<unknown, string, PaneInfo>[] = []
      await new Promise<void>((resolve, reject) => {
        stream.subscribe({ next: (e) => seen.push(e), error: reject, complete: resolve })
      })
      expect(seen).toEqual(elements)
    }),
    runs,
  )
})

function assigned(source: Observable<Arrival<Sample>>, bound: number): Samples {
  return source.pipe(
    assignTimestamps(({ time }) => time, boundedOutOfOrderness(bound), { id: ingressId }),
    map(({ value }) => value),
  )
}

async function elementsOf(stream: Results, { batchSize }: Pace): Promise<Element<unknown, string, PaneInfo>[]> {
  const elements: Element<unknown, string, PaneInfo>[] = []
  await run(stream, (element) => void elements.push(element), { clock: new VirtualClock(), batchSize }).done
  return elements
}
