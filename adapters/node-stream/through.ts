import type { Readable } from 'node:stream'
import type { Observable } from 'rxjs'
import { defineSource } from '../../lib/wiring/source.ts'
import { type AnyOperator, chain } from './chain.ts'
import type { Chaining, Through } from './chaining.ts'
import { destroyOnAbort } from './destroy-on-abort.ts'
import { destroyed } from './destroyed.ts'
import { from, isReadable } from './from.ts'
import { JobReadable } from './job-readable.ts'
import { PulledJob } from './pulled-job.ts'
import { type PulledOptions, refuseCheckpoints } from './pulled-options.ts'
import { lentReader } from './readable-reader.ts'

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
 * @throws TidemarkError `invalid-argument` without an operator; `unsupported` for the option `checkpoint`; `output` as the error of the pipeline for a result that is
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
export const through: Chaining<PulledOptions, 'through'> = (
  ...parts: readonly (AnyOperator | PulledOptions | undefined)[]
): Through<unknown, never> => {
  const { apply, options } = chain<PulledOptions>('through', parts)
  refuseCheckpoints('through', options)
  return (source, context) => {
    const job = new PulledJob('through', apply(isReadable(source) ? lent(source) : from(source)), options)
    const results = new JobReadable(job, { objectMode: true })
    destroyOnAbort(results, options.signal)
    // What has ended the pipeline is told by the step that it came from.
    destroyOnAbort(results, context?.signal, false)
    if (isReadable(source)) giveBack(source, results)
    // Whose type is that of the overload.
    return results as AsyncIterable<never>
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
