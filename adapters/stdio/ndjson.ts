import type { Writable } from 'node:stream'
import type { Sink } from '../../lib/sink.ts'
import { toJson } from '../line/to-json.ts'
import { TextSink } from './text-sink.ts'

export interface NdjsonOptions<T> {
  /** Makes the JSON of a value, without line breaks. `JSON.stringify` unless said otherwise. */
  readonly stringify?: (value: T) => string
}

/**
 * Writes each value as a line of JSON (https://github.com/ndjson/ndjson-spec). The stream stays open at the end.
 *
 * @example
 * ```ts
 * await run(perHour, ndjson(process.stdout)).done
 * ```
 * @throws TidemarkError `invalid-argument` without a writable stream; as the error of the job `output` when the stream
 *   fails, with the stream's error as its cause, or for a value that JSON can't express, and `callback` when `stringify` throws
 */
export function ndjson<T>(writable: Writable, options: NdjsonOptions<T> = {}): Sink<T> {
  return new TextSink('ndjson', writable, options.stringify ?? toJson)
}
