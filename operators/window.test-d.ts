// What `window` knows from its types: the values flow into its parts, the results and whether they are taken back flow out.
import type { Observable } from 'rxjs'
import { expectTypeOf, test } from 'vitest'
import { avg } from '../lib/aggregates/avg.ts'
import { collect } from '../lib/aggregates/collect.ts'
import { count } from '../lib/aggregates/count.ts'
import { fold } from '../lib/aggregates/fold.ts'
import { max } from '../lib/aggregates/max.ts'
import { reduce } from '../lib/aggregates/reduce.ts'
import { sum } from '../lib/aggregates/sum.ts'
import type { Diff, Element, Event, Stream } from '../lib/element.ts'
import { afterCount } from '../lib/triggers/after-count.ts'
import { afterWatermark } from '../lib/triggers/after-watermark.ts'
import type { Accumulation, PaneInfo, WindowAssigner } from '../lib/window.ts'
import { countWindow } from '../lib/windows/count-window.ts'
import { globalWindow } from '../lib/windows/global-window.ts'
import { session } from '../lib/windows/session.ts'
import { sliding } from '../lib/windows/sliding.ts'
import { tumbling } from '../lib/windows/tumbling.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { type Change, changes, keyBy, type Pane, panes, values, window } from './index.ts'

interface Hit {
  readonly host: string
  readonly bytes: number
}

interface Punch {
  readonly plant: string
}

type Panes<R, D extends Diff = 1> = Observable<Element<R, string, PaneInfo, D>>

declare const hits: Stream<Hit, string>
declare const revised: Stream<Hit, string, undefined, Diff>
declare const numbers: Stream<number>

const hourly = tumbling('1h')
const retracting = { accumulation: 'retracting' } as const

test('the values flow into the callbacks, the results and the key flow out', () => {
  expectTypeOf(hits.pipe(window(hourly, count()))).toEqualTypeOf<Panes<number>>()
  expectTypeOf(
    hits.pipe(
      window(
        hourly,
        max((hit) => hit.bytes),
      ),
    ),
  ).toEqualTypeOf<Panes<number | undefined>>()
  expectTypeOf(
    hits.pipe(
      window(
        hourly,
        collect((hit) => hit.host),
      ),
    ),
  ).toEqualTypeOf<Panes<string[]>>()
  expectTypeOf(
    hits.pipe(
      window(
        hourly,
        reduce((a, b) => (a.bytes > b.bytes ? a : b)),
      ),
    ),
  ).toEqualTypeOf<Panes<Hit | undefined>>()
  expectTypeOf(
    hits.pipe(window(hourly, { hits: count(), bytes: sum((hit) => hit.bytes), mean: avg((hit) => hit.bytes) })),
  ).toEqualTypeOf<Panes<{ hits: number; bytes: number; mean: number | undefined }>>()
  expectTypeOf(numbers.pipe(window(hourly, sum()))).toEqualTypeOf<Observable<Element<number, undefined, PaneInfo>>>()
  expectTypeOf(
    hits.pipe(
      keyBy((hit) => hit.bytes),
      window(hourly, count()),
    ),
  ).toEqualTypeOf<Observable<Element<number, number, PaneInfo>>>()
  // @ts-expect-error a hit is no number
  hits.pipe(window(hourly, sum()))
  // @ts-expect-error a hit has no plant
  hits.pipe(window(hourly, { plants: collect((punch: Punch) => punch.plant) }))
})

test('and into the gap of a session', () => {
  expectTypeOf(hits.pipe(window(session('30m'), count()))).toEqualTypeOf<Panes<number>>()
  expectTypeOf(
    hits.pipe(
      window(
        session((hit: Hit) => hit.bytes),
        count(),
      ),
    ),
  ).toEqualTypeOf<Panes<number>>()
  hits.pipe(
    window(
      session((hit) => {
        expectTypeOf(hit).toEqualTypeOf<Hit>()
        return hit.bytes > 5 ? '30m' : 5
      }),
      count(),
    ),
  )
  const ofAnother = session((visit: { gap: string }) => visit.gap)
  // @ts-expect-error no hit has a gap
  hits.pipe(window(ofAnother, count()))
  // @ts-expect-error a gap is a duration
  session((hit: Hit) => hit)
})

test('windows that look at values must be of those values', () => {
  const shifts = { name: 'shifts', assign: () => [] } as WindowAssigner<Punch>
  // @ts-expect-error a hit is no punch
  hits.pipe(window(shifts, count()))
  const byHost: WindowAssigner<Pick<Hit, 'host'>> = { name: 'by host', assign: () => [] }
  expectTypeOf(hits.pipe(window(byHost, count()))).toEqualTypeOf<Panes<number>>()
  expectTypeOf(hits.pipe(window(sliding(5), count()))).toEqualTypeOf<Panes<number>>()
  expectTypeOf(hits.pipe(window(countWindow(5), count()))).toEqualTypeOf<Panes<number>>()
  expectTypeOf(hits.pipe(window(globalWindow(), count()))).toEqualTypeOf<Panes<number>>()
  // @ts-expect-error windows are made by a function
  hits.pipe(window('1h', count()))
})

test('results are taken back where the accumulation says so, and nowhere else', () => {
  expectTypeOf(hits.pipe(window(hourly, count(), retracting))).toEqualTypeOf<Panes<number, Diff>>()
  expectTypeOf(hits.pipe(window(hourly, count(), { accumulation: 'retracting' }))).toEqualTypeOf<Panes<number, Diff>>()
  for (const accumulation of ['accumulating', 'discarding'] as const) {
    expectTypeOf(hits.pipe(window(hourly, count(), { accumulation }))).toEqualTypeOf<Panes<number>>()
    expectTypeOf(revised.pipe(window(hourly, count(), { accumulation }))).toEqualTypeOf<Panes<number>>()
  }
  expectTypeOf(hits.pipe(window(hourly, count(), { allowedLateness: '1m' }))).toEqualTypeOf<Panes<number>>()
  expectTypeOf(revised.pipe(window(hourly, count()))).toEqualTypeOf<Panes<number>>()
  expectTypeOf(revised.pipe(window(hourly, count(), retracting))).toEqualTypeOf<Panes<number, Diff>>()
  // @ts-expect-error there is no such accumulation
  hits.pipe(window(hourly, count(), { accumulation: 'all' }))
  // What is known at run time only may be taken back.
  const accumulation = 'retracting' as Accumulation
  hits.pipe(window(hourly, count(), { accumulation }), panes()).subscribe(({ diff }) => {
    expectTypeOf(diff).toEqualTypeOf<Diff>()
  })
})

test('panes and changes stand behind what is taken back, values do not', () => {
  const results = hits.pipe(window(hourly, count(), retracting))
  expectTypeOf(results.pipe(panes())).toEqualTypeOf<Observable<Pane<number, string, Diff>>>()
  expectTypeOf(results.pipe(changes())).toEqualTypeOf<Observable<Change<number, string, PaneInfo>>>()
  // @ts-expect-error a value does not say whether it is taken back
  results.pipe(values())
  expectTypeOf(hits.pipe(window(hourly, count()), values())).toEqualTypeOf<Observable<number>>()
})

test('a second window takes back what the first one does, if its aggregate can', () => {
  const sessions = hits.pipe(
    window(
      session('30m'),
      sum((hit) => hit.bytes),
      retracting,
    ),
  )
  expectTypeOf(sessions.pipe(window(hourly, sum()))).toEqualTypeOf<Panes<number>>()
  // @ts-expect-error max can't
  sessions.pipe(window(hourly, max()))
})

test('over what may be taken back stand aggregates that can', () => {
  expectTypeOf(revised.pipe(window(hourly, { hits: count(), bytes: sum((hit) => hit.bytes) }))).toEqualTypeOf<
    Panes<{ hits: number; bytes: number }>
  >()
  const most = max((hit: Hit) => hit.bytes)
  // @ts-expect-error max can't
  revised.pipe(window(hourly, most))
  // @ts-expect-error one of them can't
  revised.pipe(window(hourly, { hits: count(), most }))
  // @ts-expect-error a fold that has not been told how can't
  revised.pipe(window(hourly, fold({ create: () => 0, add: (n: number, hit: Hit) => n + hit.bytes })))
  expectTypeOf(
    hits.pipe(window(hourly, fold({ create: () => 0, add: (n: number, hit) => n + hit.bytes }))),
  ).toEqualTypeOf<Panes<number>>()
})

test('outside of a pipe it is for insertions, unless told otherwise', () => {
  const perHour = window(
    hourly,
    max((hit: Hit) => hit.bytes),
  )
  expectTypeOf<ReturnType<typeof perHour>>().toExtend<Observable<Element<number | undefined, unknown, PaneInfo>>>()
  // @ts-expect-error max can't take a value back
  revised.pipe(perHour)
})

test('the outputs for what is late or closed are of the events that come in', () => {
  const late = sideOutput<Event<Hit, string>>('late')
  const changed = sideOutput<Event<Hit, string, undefined, Diff>>('late or taken back')
  hits.pipe(window(hourly, count(), { late, closed: late }))
  revised.pipe(window(hourly, count(), { late: changed, closed: changed }))
  // @ts-expect-error what is late may be a retraction
  revised.pipe(window(hourly, count(), { late }))
  // @ts-expect-error so may be what is closed
  revised.pipe(window(hourly, count(), { closed: late }))
  // @ts-expect-error a hit is no punch
  hits.pipe(window(hourly, count(), { late: sideOutput<Event<Punch, string>>('late') }))
  // @ts-expect-error the key is a text
  hits.pipe(window(hourly, count(), { late: sideOutput<Event<Hit, number>>('late') }))
})

test('triggers are triggers', () => {
  expectTypeOf(hits.pipe(window(hourly, count(), { trigger: afterWatermark({ early: afterCount(1) }) }))).toEqualTypeOf<
    Panes<number>
  >()
  // @ts-expect-error a trigger is made by a function
  hits.pipe(window(hourly, count(), { trigger: 'afterCount' }))
  // @ts-expect-error a trigger is made by calling that
  hits.pipe(window(hourly, count(), { trigger: afterWatermark }))
})
