import type { Observable } from 'rxjs'
import { show, TidemarkError } from './errors.ts'
import { type CheckpointOptions, toCheckpointSettings } from './checkpoint/checkpoint-options.ts'
import { connectValues } from './wiring/flow.ts'
import { Job } from './job/job.ts'
import type { JobOptions } from './job/job-options.ts'
import type { JobMetrics } from './metrics.ts'
import type { Sink } from './sink.ts'

/** Where values go: a sink, or a function that is awaited for each value. */
export type Destination<T> = Sink<T> | ((value: T) => void | Promise<void>)

/** An observable and where its values go, made by `route`. */
export interface Route {
  /** Wires the route into a job. */
  connect(job: Job): void
}

/** Options of `run`. */
export interface RunOptions extends JobOptions {
  /** Stops the job when it aborts; `done` then rejects with its reason. */
  readonly signal?: AbortSignal
  /** Saves the state of the job, so that its next run goes on where this one has come to; not unless given. */
  readonly checkpoint?: CheckpointOptions
}

/** Options of `stop`. */
export interface StopOptions {
  /** The path of a savepoint to be written with the last checkpoint. The job stops, and keeps that, also if it can't be written. */
  readonly savepoint?: string
}

/** A job at work. */
export interface RunningJob {
  /**
   * Resolves with the last metrics when the input has ended and the sinks have taken everything, or after `stop`. Rejects with
   * the first error. In each case all sources are closed by then.
   */
  readonly done: Promise<JobMetrics>
  /** Stops without an end: windows don't fire. Results that have left are still written. */
  stop(options?: StopOptions): Promise<JobMetrics>
  /**
   * Writes the state of the job into one file, between two turns: that of the operators, how far sources have been processed and
   * sinks have come. A checkpoint is taken with it, and the job goes on. Another job starts from the file with `checkpoint.from`,
   * elsewhere and with another store too. A file of that name is replaced when the new one is whole.
   *
   * Rejects with a `checkpoint` error if it can't be written, of which the job takes no notice; if the job is over before, or
   * takes no checkpoints.
   */
  savepoint(path: string): Promise<void>
  /**
   * Ends the input here: what has been read is processed, windows fire, and `done` resolves. An observable that pushes is
   * ended too; but one that RxJS makes of sources as well (`merge(subject, lines(...))`) may have something on its way, and
   * has to end by itself.
   */
  drain(): Promise<JobMetrics>
  metrics(): JobMetrics
}

/** Pairs an observable with where its values go, for a job with several outputs. */
export function route<T>(values: Observable<T>, to: Destination<T>): Route {
  const sink = toSink(to)
  return {
    connect(job) {
      const outlet = job.addSink(sink)
      connectValues(values, outlet, job, outlet.wiring)
    },
  }
}

/**
 * Runs a pipeline into a sink that pushes back: nothing is read while the sink is busy, so that memory is bounded however
 * slow it is.
 *
 * @example
 * await run(perHour, ndjson(process.stdout)).done
 * await run([route(perHour, ndjson(process.stdout)), route(late, ndjson(process.stderr))]).done
 * @throws TidemarkError `invalid-argument` when no sink is given
 */
export function run<T>(values: Observable<T>, to: Destination<T>, options?: RunOptions): RunningJob
export function run(routes: readonly Route[], options?: RunOptions): RunningJob
export function run<T>(
  what: Observable<T> | readonly Route[],
  to: Destination<T> | RunOptions | undefined,
  options?: RunOptions,
): RunningJob {
  return isRoutes(what)
    ? start(what, to as RunOptions | undefined)
    : start([route(what, to as Destination<T>)], options)
}

function isRoutes<T>(what: Observable<T> | readonly Route[]): what is readonly Route[] {
  return Array.isArray(what)
}

function start(routes: readonly Route[], options: RunOptions = {}): RunningJob {
  const { signal, checkpoint } = options
  const job = new Job(options, checkpoint && toCheckpointSettings(checkpoint))
  const stop = (): void => job.stop()
  signal?.addEventListener('abort', stop)
  if (signal?.aborted === true) job.stop()
  job.start(() => {
    for (const each of routes) each.connect(job)
  })
  const done = job.settled.then((outcome) => {
    signal?.removeEventListener('abort', stop)
    job.teardown.unsubscribe()
    if (outcome.kind === 'failed') throw outcome.error
    if (outcome.kind === 'stopped') signal?.throwIfAborted()
    return job.metrics()
  })
  async function savepoint(path: string): Promise<void> {
    if (job.checkpoints !== undefined) return job.checkpoints.savepoint(path)
    throw new TidemarkError('checkpoint', `savepoint: expected a job with the option 'checkpoint', got one without`)
  }
  return {
    done,
    stop(options) {
      const written = options?.savepoint === undefined ? undefined : savepoint(options.savepoint)
      job.stop()
      return written === undefined ? done : bothDone(done, written)
    },
    savepoint,
    drain() {
      job.drain()
      return done
    },
    metrics: () => job.metrics(),
  }
}

/** What the job has failed with says more than what became of its savepoint. */
async function bothDone(done: Promise<JobMetrics>, written: Promise<void>): Promise<JobMetrics> {
  await Promise.allSettled([done, written])
  const metrics = await done
  await written
  return metrics
}

function toSink<T>(to: Destination<T>): Sink<T> {
  if (typeof to === 'function') return functionSink(to)
  if (typeof to?.write === 'function') return to
  throw new TidemarkError('invalid-argument', `run: expected a sink or a function, got ${show(to)}`)
}

function functionSink<T>(take: (value: T) => void | Promise<void>): Sink<T> {
  return {
    name: take.name === '' ? 'function' : take.name,
    async write(values) {
      for (const value of values) {
        const taken = take(value)
        // Most functions are synchronous, and an await costs more than they do.
        if (taken !== undefined) await taken
      }
    },
  }
}
