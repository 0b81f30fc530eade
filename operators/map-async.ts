import type { OperatorFunction } from 'rxjs'
import type { AsyncFailure } from '../lib/async/async-failure.ts'
import type { AsyncSettings } from '../lib/async/async-machine.ts'
import { defineAsync } from '../lib/async/define-async.ts'
import type { Element, Event, EventStream } from '../lib/element.ts'
import { show, TidemarkError } from '../lib/errors.ts'
import { oneOf } from '../lib/one-of.ts'
import { type Duration, toNonNegativeMillis, toPositiveMillis } from '../lib/time.ts'
import type { SideOutput } from '../lib/wiring/side-output.ts'

export type { AsyncFailure }

/** How often `mapAsync` asks again. */
export interface MapAsyncRetry {
  /** At most so many attempts, the first included. */
  readonly attempts: number
  /** The pause before the next one, or a function that says it, given how many there have been; none unless given. */
  readonly backoff?: Duration | ((attempts: number) => Duration)
}

/** Options of `mapAsync`. */
export interface MapAsyncOptions<T, K, P> {
  /** Events at most whose call has begun and whose result has not left; 100 unless given. */
  readonly capacity?: number
  /**
   * In which order results leave. `ordered`, unless given: that of the events. `unordered`: as they come, but each ahead of the
   * watermark that its event was ahead of.
   */
  readonly order?: 'ordered' | 'unordered'
  /** How long an attempt may take, in processing time, before it is aborted and has failed; as long as it likes unless given. */
  readonly timeout?: Duration
  /** An attempt that has failed is the last unless given. */
  readonly retry?: MapAsyncRetry
  /** Gets the events whose last attempt has failed, which are counted as refused. Without it they are errors of the job. */
  readonly errors?: SideOutput<AsyncFailure<T, K, P>>
  /** Name of this operator in metrics, errors and checkpoints; unique in a job. */
  readonly id?: string
}

/**
 * Turns each value into what a promise gives, such as the answer of a service, at the same time and under the same key and pane.
 *
 * Up to `capacity` calls are under way at a time. While there are that many, the job pulls from no source, and windows in front
 * of it wait with their results; what pushes by itself waits here, at most as many events as `bufferLimit` says.
 *
 * A watermark leaves when all that came before it have been answered, so that nothing falls behind one because of this. In the
 * order of the events, a result waits for those before it, and the place of its call is taken until it has left.
 *
 * Holds the events that wait and those whose results have not left; each is freed when its result leaves. The input's end waits
 * for all of them, also when the job is drained. When it stops, or ends with an error, the signals of all calls under way are
 * aborted.
 *
 * @param project called for each value, and for each further attempt. `signal` aborts when its answer is of no use any more
 * @throws TidemarkError `invalid-argument` or `invalid-duration` when built with options that are none; as the error of the job
 *   `callback`, with key and event time, when a call has failed and there is no output `errors`, after the results that leave
 *   before it; `overflow` when more than `bufferLimit` events wait; `unsupported` for a retraction that got past the types
 * @see Flink's asynchronous I/O, with the same two orders and the same meaning of capacity
 * @example
 * const failed = sideOutput<AsyncFailure<Hit>>('failed look-ups')
 * const located = hits.pipe(
 *   mapAsync((hit, signal) => locate(hit.host, { signal }), {
 *     order: 'unordered',
 *     timeout: '2s',
 *     retry: { attempts: 3, backoff: (attempts) => 100 * 2 ** attempts },
 *     errors: failed,
 *   }),
 * )
 */
export function mapAsync<T, R, K, P>(
  project: (value: T, signal: AbortSignal) => Promise<R>,
  options: MapAsyncOptions<T, K, P> = {},
): OperatorFunction<Element<T, K, P>, Element<R, K, P>> {
  const { order = 'ordered', errors, id } = options
  const isOrdered = oneOf('mapAsync: order', order, ['ordered', 'unordered']) === 'ordered'
  const settings = settingsOf(project, options)
  return (source: EventStream<Event<T, K, P>>) =>
    defineAsync<T, R, K, P>(source, { name: 'mapAsync', id, isOrdered, settings, errors })
}

function settingsOf<T, R, K, P>(
  project: (value: T, signal: AbortSignal) => Promise<R>,
  { capacity = 100, timeout, retry: { attempts = 1, backoff = 0 } = { attempts: 1 } }: MapAsyncOptions<T, K, P>,
): AsyncSettings<T, R> {
  for (const [name, value] of Object.entries({ capacity, 'retry.attempts': attempts })) {
    if (Number.isSafeInteger(value) && value > 0) continue
    throw new TidemarkError('invalid-argument', `mapAsync: ${name} must be a whole number > 0, got ${show(value)}`)
  }
  const toPause = (pause: Duration): number => toNonNegativeMillis(pause, 'mapAsync: retry.backoff')
  const pause = typeof backoff === 'function' ? 0 : toPause(backoff)
  return {
    project,
    capacity,
    timeout: timeout === undefined ? Infinity : toPositiveMillis(timeout, 'mapAsync: timeout'),
    attempts,
    backoff: (made) => (typeof backoff === 'function' ? toPause(backoff(made)) : pause),
  }
}
