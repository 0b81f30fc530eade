import type { Readable } from 'node:stream'
import type { Observable } from 'rxjs'
import { destroyOnAbort } from './destroy-on-abort.ts'
import { JobReadable } from './job-readable.ts'
import { PulledJob } from './pulled-job.ts'
import { type PulledOptions, refuseCheckpoints } from './pulled-options.ts'

/** Options of `toReadable`: those of the stream, and those of the job inside. */
export interface ToReadableOptions extends PulledOptions {
  /** Results are objects; true unless given. If not they are texts or bytes. */
  readonly objectMode?: boolean
  /** Results, or bytes, that the stream holds before it asks for no more. */
  readonly highWaterMark?: number
}

/**
 * Makes a Node stream of results. Runs a job while the stream is read, and holds a batch of results beyond what the stream
 * itself does.
 *
 * What ends the job is the stream's error, after the results before it. Destroying the stream stops the job and closes its
 * sources; that is when it says `close`. For a web stream there is `Readable.toWeb`.
 *
 * @throws TidemarkError `unsupported` for the option `checkpoint`; `output` as the error of the stream for a result that is null, which no Node stream can carry
 * @example
 * ```ts
 * await pipeline(toReadable(perHour), csvWriter, createWriteStream('hours.csv'))
 * ```
 */
export function toReadable<T>(results: Observable<T>, options: ToReadableOptions = {}): Readable {
  const { objectMode = true, highWaterMark, ...jobOptions } = options
  refuseCheckpoints('toReadable', jobOptions)
  const job = new PulledJob('toReadable', results, jobOptions)
  const readable = new JobReadable(job, { objectMode, ...(highWaterMark !== undefined && { highWaterMark }) })
  destroyOnAbort(readable, options.signal)
  return readable
}
