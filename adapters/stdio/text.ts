import type { Writable } from 'node:stream'
import type { Sink } from '../../lib/sink.ts'
import { TextSink } from './text-sink.ts'

/**
 * Writes each value as a line of text. The stream stays open at the end.
 *
 * @param format makes the line, without its ending
 * @example
 * ```ts
 * await run(counts, text(process.stdout, ({ key, value }) => `${key}\t${value}`)).done
 * ```
 * @throws TidemarkError `invalid-argument` without a writable stream; as the error of the job `output` when the stream
 *   fails, with the stream's error as its cause, and `callback` when `format` throws
 */
export function text<T>(writable: Writable, format: (value: T) => string): Sink<T> {
  return new TextSink('text', writable, format)
}
