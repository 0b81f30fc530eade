import type { Readable } from 'node:stream'
import type { Observable, OperatorFunction } from 'rxjs'
import type { RunOptions } from '../../lib/run.ts'
import { defineSource } from '../../lib/wiring/source.ts'
import { type AnyOperator, chain } from './chain.ts'
import { destroyOnAbort } from './destroy-on-abort.ts'
import { destroyed } from './destroyed.ts'
import { from, isReadable } from './from.ts'
import { JobReadable } from './job-readable.ts'
import { PulledJob } from './pulled-job.ts'
import { lentReader } from './readable-reader.ts'

/** A step of `stream.pipeline`: gets what the step before gives, and gives results. */
export type Through<T, R> = (
  source: Readable | AsyncIterable<T> | Iterable<T>,
  context?: { readonly signal?: AbortSignal },
) => AsyncIterable<R>

/**
 * Puts operators into a `stream.pipeline`. Inside runs a job, which reads only as fast as the next step takes results: it
 * works one batch ahead.
 *
 * What ends the job is the error of the pipeline, and what ends the pipeline stops the job. Operators that end early, as
 * `take` does, end the pipeline well: the steps behind get all results and their end, and then the source is destroyed. A step
 * in front that is no source fails then in the eyes of Node, with `ERR_STREAM_PREMATURE_CLOSE`, after everything was written.
 *
 * Results leave in object mode. The last argument may be the options of the job.
 *
 * @throws TidemarkError `invalid-argument` without an operator; `output` as the error of the pipeline for a result that is
 *   null, which no Node stream can carry
 * @example
 * ```ts
 * await pipeline(
 *   sales,
 *   through(
 *     assignTimestamps((sale: Sale) => sale.time, boundedOutOfOrderness('5m')),
 *     keyBy((sale) => sale.shop),
 *     window(tumbling('1h'), count()),
 *     panes(),
 *   ),
 *   toDatabase,
 * )
 * ```
 */
export function through<T, A, B, C, D, E, F, G, H, I>(
  op1: OperatorFunction<T, A>,
  op2: OperatorFunction<A, B>,
  op3: OperatorFunction<B, C>,
  op4: OperatorFunction<C, D>,
  op5: OperatorFunction<D, E>,
  op6: OperatorFunction<E, F>,
  op7: OperatorFunction<F, G>,
  op8: OperatorFunction<G, H>,
  op9: OperatorFunction<H, I>,
  options?: RunOptions,
): Through<T, I>
// The longest is tried first: a shorter one would take an operator for options, and spoil what is inferred of it.
export function through<T, A, B, C, D, E, F, G, H>(
  op1: OperatorFunction<T, A>,
  op2: OperatorFunction<A, B>,
  op3: OperatorFunction<B, C>,
  op4: OperatorFunction<C, D>,
  op5: OperatorFunction<D, E>,
  op6: OperatorFunction<E, F>,
  op7: OperatorFunction<F, G>,
  op8: OperatorFunction<G, H>,
  options?: RunOptions,
): Through<T, H>
export function through<T, A, B, C, D, E, F, G>(
  op1: OperatorFunction<T, A>,
  op2: OperatorFunction<A, B>,
  op3: OperatorFunction<B, C>,
  op4: OperatorFunction<C, D>,
  op5: OperatorFunction<D, E>,
  op6: OperatorFunction<E, F>,
  op7: OperatorFunction<F, G>,
  options?: RunOptions,
): Through<T, G>
export function through<T, A, B, C, D, E, F>(
  op1: OperatorFunction<T, A>,
  op2: OperatorFunction<A, B>,
  op3: OperatorFunction<B, C>,
  op4: OperatorFunction<C, D>,
  op5: OperatorFunction<D, E>,
  op6: OperatorFunction<E, F>,
  options?: RunOptions,
): Through<T, F>
export function through<T, A, B, C, D, E>(
  op1: OperatorFunction<T, A>,
  op2: OperatorFunction<A, B>,
  op3: OperatorFunction<B, C>,
  op4: OperatorFunction<C, D>,
  op5: OperatorFunction<D, E>,
  options?: RunOptions,
): Through<T, E>
export function through<T, A, B, C, D>(
  op1: OperatorFunction<T, A>,
  op2: OperatorFunction<A, B>,
  op3: OperatorFunction<B, C>,
  op4: OperatorFunction<C, D>,
  options?: RunOptions,
): Through<T, D>
export function through<T, A, B, C>(
  op1: OperatorFunction<T, A>,
  op2: OperatorFunction<A, B>,
  op3: OperatorFunction<B, C>,
  options?: RunOptions,
): Through<T, C>
export function through<T, A, B>(
  op1: OperatorFunction<T, A>,
  op2: OperatorFunction<A, B>,
  options?: RunOptions,
): Through<T, B>
export function through<T, A>(op1: OperatorFunction<T, A>, options?: RunOptions): Through<T, A>
export function through<T>(...parts: readonly (AnyOperator | RunOptions | undefined)[]): Through<T, unknown> {
  const { apply, options } = chain<RunOptions>('through', parts)
  return (source, context) => {
    const job = new PulledJob('through', apply(isReadable(source) ? lent(source) : from(source)), options)
    const results = new JobReadable(job, { objectMode: true })
    destroyOnAbort(results, options.signal)
    // What has ended the pipeline is told by the step that it came from.
    destroyOnAbort(results, context?.signal, false)
    if (isReadable(source)) giveBack(source, results)
    return results
  }
}

function lent(readable: Readable): Observable<unknown> {
  return defineSource({ name: 'readable', open: () => lentReader(readable, 1_024) })
}

/** Destroys the source, but not before everything is written: its destruction may fail the pipeline. */
function giveBack(source: Readable, results: JobReadable<unknown>): void {
  const free = (): void => {
    if (source.readableEnded) return
    // If it fails, so does the pipeline: it listens itself.
    destroyed(source).catch(() => {})
  }
  results.output.whenWritten(free)
  results.once('close', () => {
    if (!results.readableEnded) free()
  })
}
