import type { Observable } from 'rxjs'
import type { Stream } from '../lib/element.ts'
import type { WatermarkStrategy } from '../lib/watermarks/watermark-strategy.ts'
import { filter } from '../operators/filter.ts'
import type { Arrival } from './arrival.ts'
import type { Case } from './case.ts'
import { type CrashingRun, crashingRun } from './crashing-run.ts'
import { type Experiment, type Pipeline, trial, type Trial, type TrialOptions } from './trial.ts'

/** What of a run is other than in the case. */
export interface Change<T> extends TrialOptions {
  readonly events?: readonly Arrival<T>[]
  readonly watermark?: WatermarkStrategy<T>
  /** Another pipeline. */
  pipeline?(this: void, events: Stream<T, undefined, undefined>): Observable<unknown>
  /** Only these get into the pipeline; all of them make watermarks. */
  only?(this: void, value: T): boolean
}

/**
 * A case at which a pipeline is tried: what laws look at. Runs are shared between them.
 *
 * @typeParam T the values that come in
 */
export interface Tried<T> {
  readonly case: Case<T>
  /** The events without those that came behind the watermark. */
  readonly withinBound: readonly Arrival<T>[]
  /** The pipeline has a late output that is looked at. */
  readonly hasLateOutput: boolean
  /** The case as it is, but for its pace, splits and crashes: what others are compared with. */
  calm(): Promise<Trial<T>>
  /** The same, event by event: with its steps, and with the job at each moment. */
  stepwise(): Promise<Trial<T>>
  /** The same, of the events within the bound alone. */
  calmWithinBound(): Promise<Trial<T>>
  /** A run of its own. */
  run(change: Change<T>): Promise<Trial<T>>
  /** Runs the case, which dies where it says and goes on at its last checkpoint, and beside it one that never dies. */
  runCrashing(): Promise<CrashingRun>
}

/** Tries a pipeline at a case. */
export function tried<T>(experiment: Experiment<T>, of: Case<T>): Tried<T> {
  const { events, clock } = of
  const withinBound = behindNone(events, experiment.watermark)
  const run = ({ events: changed = events, only, pipeline, watermark, ...options }: Change<T>): Promise<Trial<T>> => {
    const chosen = pipeline ?? experiment.pipeline
    const narrowed: Pipeline<T> = only === undefined ? chosen : (stream) => chosen(stream.pipe(filter(only)))
    // The late output is that of the pipeline.
    const { late: _, ...withoutLate } = experiment
    const changedExperiment = { ...(pipeline === undefined ? experiment : withoutLate), pipeline: narrowed }
    return trial(watermark === undefined ? changedExperiment : { ...changedExperiment, watermark }, changed, {
      clock,
      ...options,
    })
  }
  const calm = once(() => run({}))
  return {
    case: of,
    withinBound,
    hasLateOutput: experiment.late !== undefined,
    calm,
    stepwise: once(() =>
      run({ pace: { chunks: [1], reads: [0], batchSize: 1_024, writes: [0] }, stepwise: true, watched: true }),
    ),
    calmWithinBound: withinBound.length === events.length ? calm : once(() => run({ events: withinBound })),
    run,
    runCrashing: () => crashingRun(experiment, of),
  }
}

function once<V>(make: () => Promise<V>): () => Promise<V> {
  let made: Promise<V> | undefined
  return () => (made ??= make())
}

/** Events without those that are behind the watermark when they arrive; the same list if there are none. */
function behindNone<T>(events: readonly Arrival<T>[], strategy: WatermarkStrategy<T>): readonly Arrival<T>[] {
  const generator = strategy.create()
  let watermark = -Infinity
  const isWithin = ({ value, time }: Arrival<T>): boolean => {
    if (time < watermark) return false
    watermark = Math.max(watermark, generator.onEvent(value, time))
    return true
  }
  const within = events.filter(isWithin)
  return within.length === events.length ? events : within
}
