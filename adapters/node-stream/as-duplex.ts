import { type Duplex, getDefaultHighWaterMark } from 'node:stream'
import { defineSource } from '../../lib/wiring/source.ts'
import { type AnyOperator, chain } from './chain.ts'
import type { Chaining } from './chaining.ts'
import { destroyOnAbort } from './destroy-on-abort.ts'
import { JobDuplex } from './job-duplex.ts'
import { PulledJob } from './pulled-job.ts'
import { type PulledOptions, refuseCheckpoints } from './pulled-options.ts'
import { WrittenValues } from './written-values.ts'

/** Options of `asDuplex`: those of the stream, and those of the job inside. */
export interface AsDuplexOptions extends PulledOptions {
  /** What is written are objects; true unless given. If not they are Buffers. */
  readonly writableObjectMode?: boolean
  /** Results are objects; true unless given. If not they are texts or bytes. */
  readonly readableObjectMode?: boolean
  /** Values, or bytes, that may wait to be taken; 1,024 values or Node's number of bytes unless given. */
  readonly writableHighWaterMark?: number
  /** Results, or bytes, that may wait to be read; 1,024 results or Node's number of bytes unless given. */
  readonly readableHighWaterMark?: number
}

/**
 * Makes a Node stream of operators: what is written goes in, results are read. Inside runs a job, which takes what is written
 * only as fast as results are read, and works one batch ahead. It starts when the stream is read.
 *
 * What ends the job is the stream's error, after the results before it; destroying the stream stops the job. Operators that
 * end early, as `take` does, end the readable side. Then the stream destroys itself, because whoever writes would otherwise
 * wait for ever; but not before what the results are piped into has written them. `pipeline` calls that
 * `ERR_STREAM_PREMATURE_CLOSE`, unless the input has ended as well: `through` ends well.
 *
 * The last argument may be options.
 *
 * @throws TidemarkError `invalid-argument` without an operator; `unsupported` for the option `checkpoint`; `output` as the error of the stream for a result that is null,
 *   which no Node stream can carry
 * @example
 * ```ts
 * await pipeline(socket, splitLines, asDuplex(map(parse), filter(isSale)), toDatabase)
 * ```
 */
export const asDuplex: Chaining<AsDuplexOptions, 'duplex'> = (
  ...parts: readonly (AnyOperator | AsDuplexOptions | undefined)[]
): Duplex => {
  const { apply, options } = chain<AsDuplexOptions>('asDuplex', parts)
  refuseCheckpoints('asDuplex', options)
  const { writableObjectMode = true, readableObjectMode = true } = options
  const { writableHighWaterMark = mark(writableObjectMode), readableHighWaterMark = mark(readableObjectMode) } = options
  const input = new WrittenValues<unknown>()
  const values = defineSource({ name: 'asDuplex', open: () => input })
  const duplex = new JobDuplex(input, new PulledJob('asDuplex', apply(values), options), {
    writableObjectMode,
    readableObjectMode,
    writableHighWaterMark,
    readableHighWaterMark,
  })
  destroyOnAbort(duplex, options.signal)
  return duplex
}

/** A turn of the job takes 1,024 objects; with Node's 16 it would mostly be turning. */
function mark(objectMode: boolean): number {
  return objectMode ? 1_024 : getDefaultHighWaterMark(false)
}
