import type { Writable } from 'node:stream'
import type { WritableStream } from 'node:stream/web'
import { show, TidemarkError } from '../../lib/errors.ts'
import type { Sink } from '../../lib/sink.ts'
import { NodeSink } from './node-sink.ts'
import { WebSink } from './web-sink.ts'

/** Options of `toWritable`. */
export interface ToWritableOptions {
  /** End the stream with the job; true unless given. `process.stdout` and the like are everybody's, and want `false`. */
  readonly end?: boolean
  /** For metrics and error messages; `writable` unless given. */
  readonly name?: string
}

/**
 * Writes each value to a Node stream or a web stream, in object mode or of bytes, and waits while it has had enough. Holds
 * nothing itself.
 *
 * The stream ends with the job, and the job is done when the stream has finished. If the job fails, the stream is destroyed
 * with the job's error; if it is stopped, the stream is destroyed when what was written has been flushed, and does not end:
 * whoever reads must not take it for the whole.
 *
 * @throws TidemarkError `invalid-argument` without a writable stream; `output` as the error of the job when the stream fails,
 *   closes early or refuses a value, with its error as the cause
 * @example
 * ```ts
 * await run(lines, toWritable(createWriteStream('out.txt'))).done
 * ```
 */
export function toWritable<T>(writable: Writable | WritableStream<T>, options: ToWritableOptions = {}): Sink<T> {
  const { end = true, name = 'writable' } = options
  if (typeof writable !== 'object' || writable === null) {
    throw new TidemarkError('invalid-argument', `toWritable: expected a writable stream, got ${show(writable)}`)
  }
  return 'getWriter' in writable ? new WebSink(name, writable, end) : new NodeSink(name, writable, end)
}
