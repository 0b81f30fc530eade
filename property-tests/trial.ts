import { VirtualClock } from '../lib/clock.ts'
import type { Diff, Element, Event, Stream } from '../lib/element.ts'
import { TidemarkError } from '../lib/errors.ts'
import type { JobMetrics } from '../lib/metrics.ts'
import { route, type Route, run } from '../lib/run.ts'
import type { SideOutput } from '../lib/wiring/side-output.ts'
import type { Sink } from '../lib/sink.ts'
import type { WatermarkStrategy } from '../lib/watermarks/watermark-strategy.ts'
import type { PaneInfo } from '../lib/window.ts'
import { assignTimestamps } from '../operators/assign-timestamps.ts'
import { map } from '../operators/map.ts'
import type { Arrival } from './arrival.ts'
import { microtasks, type Pace, steady } from './pace.ts'
import { paced } from './paced.ts'

/**
 * A pipeline that is tried out, and how its source makes watermarks.
 *
 * @typeParam T the values that come in
 * @typeParam R the values that come out
 * @typeParam K the key they come out under
 */
export interface Experiment<T, R, K> {
  /** Called once for each run. What it gives ends in a window, or keeps the panes of one. */
  readonly pipeline: (events: Stream<T, undefined, undefined>) => Stream<R, K, PaneInfo, Diff>
  readonly watermark: WatermarkStrategy<T>
  /** The late output that the pipeline writes to, if its events are to be looked at. */
  readonly late?: SideOutput<Event<T, K, undefined>>
}

/** What a run gave. */
export interface Trial<T, R, K> {
  /** Everything that came out, in order. */
  readonly elements: readonly Element<R, K, PaneInfo, Diff>[]
  /** What came out of the late output. */
  readonly late: readonly Event<T, K, undefined>[]
  /** The job after each turn and around each write, and at the end. */
  readonly moments: readonly JobMetrics[]
  readonly metrics: JobMetrics
}

/**
 * Runs a pipeline to its end, on a virtual clock.
 *
 * @throws what ended the job, if it did not end by itself; TidemarkError `overflow` when it takes more than 1,000 turns for each
 *   event
 */
export async function trial<T, R, K>(
  { pipeline, watermark, late }: Experiment<T, R, K>,
  arrivals: readonly Arrival<T>[],
  pace: Pace = steady,
): Promise<Trial<T, R, K>> {
  const elements: Element<R, K, PaneInfo, Diff>[] = []
  const lateEvents: Event<T, K, undefined>[] = []
  const moments: JobMetrics[] = []
  const look = (): void => {
    moments.push(job.metrics())
  }
  const stream = paced(arrivals, pace).pipe(
    assignTimestamps(({ time }) => time, ofArrivals(watermark)),
    map(({ value }) => value),
    pipeline,
  )
  const routes: Route[] = [route(stream, slowSink(elements, pace, look))]
  if (late !== undefined) routes.push(route(late, slowSink(lateEvents, pace, look)))
  const clock = new TurnClock(look, 1_000 * (arrivals.length + 1))
  const job = run(routes, { clock, batchSize: pace.batchSize })
  const metrics = await job.done
  moments.push(metrics)
  return { elements, late: lateEvents, moments, metrics }
}

/** A clock whose turns are microtasks, so that a run takes no longer than its work, and which a job without an end runs into. */
class TurnClock extends VirtualClock {
  readonly #onTurn: () => void
  readonly #limit: number
  #turns = 0

  constructor(onTurn: () => void, limit: number) {
    super()
    this.#onTurn = onTurn
    this.#limit = limit
  }

  override async turn(): Promise<void> {
    this.#onTurn()
    this.#turns += 1
    if (this.#turns > this.#limit) {
      throw new TidemarkError('overflow', `trial: expected the pipeline to end within ${this.#limit} turns, got none`)
    }
  }
}

function ofArrivals<T>(strategy: WatermarkStrategy<T>): WatermarkStrategy<Arrival<T>> {
  return {
    ...strategy,
    create() {
      const generator = strategy.create()
      return { onEvent: ({ value }, time) => generator.onEvent(value, time) }
    },
  }
}

function slowSink<T>(taken: T[], pace: Pace, look: () => void): Sink<T> {
  let writes = 0
  return {
    name: 'trial',
    async write(values) {
      look()
      await microtasks(pace.writes[writes++ % pace.writes.length] ?? 0)
      look()
      for (const value of values) taken.push(value)
    },
  }
}
