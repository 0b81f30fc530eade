import type { Writable } from 'node:stream'
import { show, TidemarkError } from '../../lib/errors.ts'
import type { Sink } from '../../lib/sink.ts'
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

function toJson(value: unknown): string {
  // Undefined for a function, a symbol and undefined itself, whatever its type says.
  const json: string | undefined = JSON.stringify(value)
  if (json !== undefined) return json
  throw new TidemarkError('output', `ndjson: expected a value that JSON can express, got ${show(value)}`, {
    operator: 'ndjson',
  })
}
