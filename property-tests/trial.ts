import { type Observable, tap } from 'rxjs'
import { VirtualClock } from '../lib/clock.ts'
import type { Diff, Event, Idle, Stream, Watermark } from '../lib/element.ts'
import { TidemarkError } from '../lib/errors.ts'
import type { JobMetrics } from '../lib/metrics.ts'
import { route, type Route, run, type RunningJob } from '../lib/run.ts'
import type { Sink } from '../lib/sink.ts'
import type { WatermarkStrategy } from '../lib/watermarks/watermark-strategy.ts'
import { defineOperator } from '../lib/wiring/operator.ts'
import type { SideOutput } from '../lib/wiring/side-output.ts'
import { assignTimestamps } from '../operators/assign-timestamps.ts'
import { map } from '../operators/map.ts'
import type { Arrival } from './arrival.ts'
import { microtasks, type Pace, steady } from './pace.ts'
import { paced } from './paced.ts'

/**
 * A pipeline that is tried out: gets events, and gives whatever it makes of them. Called once for each run. What it gives is a
 * stream, or what `values`, `panes` or `changes` make of one.
 *
 * @typeParam T the values that come in
 * @typeParam O what comes out: elements of a stream, or values
 */
export type Pipeline<T, O = unknown> = (events: Stream<T, undefined, undefined>) => Observable<O>

/** A pipeline, and how its source makes watermarks. */
export interface Experiment<T, O = unknown> {
  readonly pipeline: Pipeline<T, O>
  readonly watermark: WatermarkStrategy<T>
  /** The late output that the pipeline writes to, if its events are to be looked at. */
  readonly late?: LateOutput
}

/** A late output, of whatever events. */
export type LateOutput = Observable<unknown> & { readonly name: string }

/** An event of a late output. */
export type LateEvent<T> = Event<T, unknown, unknown, Diff>

/** Something that reached the pipeline, and what came of it. */
export interface Step<T> {
  readonly element: Event<T, undefined, undefined> | Watermark | Idle
  /** What left while it was processed. */
  readonly out: unknown[]
  /** The job in front of an event, and of the end. */
  readonly before: JobMetrics | undefined
}

/** What a run gave. */
export interface Trial<T, O = unknown> {
  /** Everything that came out, in order. */
  readonly elements: readonly O[]
  /** What came out of the late output. */
  readonly late: readonly LateEvent<T>[]
  /** The job after each turn and around each write, and at the end, if that was asked for. */
  readonly moments: readonly JobMetrics[]
  /** What reached the pipeline, one by one, if that was asked for. */
  readonly steps: readonly Step<T>[]
  readonly metrics: JobMetrics
}

/** How a run goes, apart from the events. */
export interface TrialOptions {
  /** `steady` unless given. */
  readonly pace?: Pace | undefined
  /** How far the clock moves before each read, ms, over and over; it stands still unless given. */
  readonly clock?: readonly number[] | undefined
  /** The split of each event, over and over; they are of no split unless given. */
  readonly splits?: readonly number[] | undefined
  /** Looks at the job at each moment. */
  readonly watched?: boolean | undefined
  /** Looks at each element that reaches the pipeline, and what comes of it. */
  readonly stepwise?: boolean | undefined
}

/**
 * Runs a pipeline to its end, on a virtual clock.
 *
 * @throws what ended the job, if it did not end by itself, but for a ledger that does not balance; TidemarkError `overflow` when it takes more than 1,000 turns for each
 *   event
 */
export async function trial<T, O>(
  { pipeline, watermark, late }: Experiment<T, O>,
  arrivals: readonly Arrival<T>[],
  { pace = steady, clock: moves = [0], splits, watched = false, stepwise = false }: TrialOptions = {},
): Promise<Trial<T, O>> {
  const elements: O[] = []
  const lateEvents: LateEvent<T>[] = []
  const moments: JobMetrics[] = []
  const steps: Step<T>[] = []
  const look = (): void => {
    if (watched) moments.push(job.metrics())
  }
  const clock = new TurnClock(look, moves, 1_000 * (arrivals.length + 1))
  const onRead = (): void => clock.tick()
  const input = paced(arrivals, pace, splits === undefined ? { onRead } : { splits, onRead }).pipe(
    assignTimestamps<Arrival<T>>(timeOf, ofArrivals(watermark), { id: ingressId }),
    stepwise ? stepsInto(steps, () => job.metrics()) : map(({ value }) => value),
  )
  const output = pipeline(input)
  const traced = stepwise ? output.pipe(tap((element) => steps.at(-1)?.out.push(element))) : output
  const routes: Route[] = [route(traced, slowSink(elements, pace, look))]
  if (late !== undefined) {
    const lateOutput: Observable<unknown> = late
    routes.push(route(lateOutput as SideOutput<LateEvent<T>>, slowSink(lateEvents, pace, look)))
  }
  const job = run(routes, { clock, batchSize: pace.batchSize, onNotice: () => {} })
  const metrics = await metricsOf(job)
  if (watched) moments.push(metrics)
  return { elements, late: lateEvents, moments, steps, metrics }
}

/** What a ledger does not account for is the concern of one law, and of no other. */
export async function metricsOf(job: RunningJob): Promise<JobMetrics> {
  try {
    return await job.done
  } catch (error) {
    if (error instanceof TidemarkError && error.code === 'ledger') return job.metrics()
    throw error
  }
}

/** The two operators that make the events of a trial, so that they are told from those of the pipeline. */
export const ingressId = '(arrivals)'
export const inputId = '(input)'

/** Turns that are microtasks before the event loop has one, for what the pipeline waits for. */
const turnsOfEventLoop = 64

/**
 * A clock whose turns are microtasks, so that a run takes no longer than its work, and which a job without an end runs into. It
 * moves when a source is read: would it move with each turn, timers that are set anew each time would let nothing else happen.
 */
export class TurnClock extends VirtualClock {
  readonly #onTurn: () => void
  readonly #moves: readonly number[]
  readonly #limit: number
  #turns = 0
  #ticks = 0

  constructor(onTurn: () => void, moves: readonly number[], limit: number = Infinity, start: number = 0) {
    super(start)
    this.#onTurn = onTurn
    this.#moves = moves
    this.#limit = limit
  }

  override async turn(): Promise<void> {
    this.#onTurn()
    this.#turns += 1
    if (this.#turns > this.#limit) {
      throw new TidemarkError('overflow', `trial: expected the pipeline to end within ${this.#limit} turns, got none`)
    }
    if (this.#turns % turnsOfEventLoop === 0) await super.turn()
  }

  /** Moves on by the next of the moves. */
  tick(): void {
    const move = this.#moves[this.#ticks++ % this.#moves.length] ?? 0
    if (move > 0) this.advanceTo(this.now() + move)
  }
}

/** The event time of an arrival. */
export function timeOf({ time }: Arrival<unknown>): number {
  return time
}

/** The strategy, for arrivals of its values. */
export function ofArrivals<T>(strategy: WatermarkStrategy<T>): WatermarkStrategy<Arrival<T>> {
  return {
    ...strategy,
    create() {
      const generator = strategy.create()
      return { onEvent: ({ value }, time) => generator.onEvent(value, time) }
    },
  }
}

/** Takes the values out of arrivals, and notes what comes by. An operator and no `tap`, because those keep what is known of a stream. */
function stepsInto<T>(
  steps: Step<T>[],
  look: () => JobMetrics,
): (source: Stream<Arrival<T>, undefined, undefined>) => Stream<T, undefined, undefined> {
  return (source) =>
    defineOperator<Event<Arrival<T>, undefined, undefined>, Event<T, undefined, undefined>>([source], {
      name: 'map',
      id: inputId,
      create: (context) => ({
        onEvent(each) {
          const element = { ...each, value: each.value.value }
          steps.push({ element, out: [], before: look() })
          context.emit(element)
        },
        onWatermark(time) {
          const before = time === Infinity ? look() : undefined
          steps.push({ element: { kind: 'watermark', time }, out: [], before })
          return true
        },
      }),
    })
}

function slowSink<T>(taken: T[], pace: Pace, look: () => void): Sink<T> {
  let writes = 0
  return {
    name: 'trial',
    write(values) {
      look()
      const wait = pace.writes[writes++ % pace.writes.length] ?? 0
      const take = (): void => {
        look()
        for (const value of values) taken.push(value)
      }
      if (wait > 0) return microtasks(wait).then(take)
      take()
      return undefined
    },
  }
}
