import type { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import type { Observable } from 'rxjs'
import type { ChunkReader } from '../../lib/chunk-source.ts'
import { show, TidemarkError } from '../../lib/errors.ts'
import { defineSource } from '../../lib/wiring/source.ts'
import { fromIterable } from '../iterable/from-iterable.ts'
import { type Pull, PullingReader } from './pulling-reader.ts'
import { readableReader } from './readable-reader.ts'

/** Options of `from`. */
export interface FromOptions {
  /** Values a chunk at most; 1,024 unless given. */
  readonly chunkSize?: number
  /** For metrics and error messages; the kind of the source unless given. */
  readonly name?: string
}

/** What `from` can read. */
export type Source<T> = Readable | ReadableStream<T> | AsyncIterable<T> | Iterable<T>

/**
 * Reads a Node stream, a web stream, an async iterable or an iterable, only as fast as the job takes the values. A Node
 * stream in object mode gives its objects; one of bytes its Buffers, or texts if it has an encoding.
 *
 * What is at hand is one chunk; beyond it the next one is read ahead. At the end of the job a stream is destroyed or
 * cancelled and an iterator closed, also when the job ends first, and the descriptor is free by the time the job is done. An
 * iterator that has not answered yet can't be waited for: it is told to return, and closes when it has answered.
 *
 * A stream or iterator can be read once, so the observable can be subscribed to once; an iterable that makes an iterator
 * each time, again and again.
 *
 * @throws TidemarkError `invalid-argument` for what can't be read, and for a chunk size that is no whole number > 0; `input`
 *   as the error of the job when the source fails, after the values before that, with the source's error as its cause
 * @example
 * ```ts
 * const sizes = from<Buffer>(createReadStream('access.log')).pipe(map((bytes) => bytes.length))
 * ```
 */
export function from<T = unknown>(readable: Readable, options?: FromOptions): Observable<T>
export function from<T>(
  source: ReadableStream<T> | AsyncIterable<T> | Iterable<T>,
  options?: FromOptions,
): Observable<T>
export function from<T>(source: Source<T>, options: FromOptions = {}): Observable<T> {
  const { chunkSize = 1_024 } = options
  if (!Number.isSafeInteger(chunkSize) || chunkSize <= 0) {
    throw new TidemarkError('invalid-argument', `from: chunkSize must be a whole number > 0, got ${show(chunkSize)}`)
  }
  const define = (name: string, open: () => ChunkReader<T>): Observable<T> =>
    defineSource<T>({ name: options.name ?? name, open })
  if (isReadable(source)) return define('readable', () => readableReader(source, chunkSize))
  if (isWebStream(source)) return define('web stream', () => new PullingReader(pullWeb(source), chunkSize))
  if (isAsyncIterable(source)) return define('async iterable', () => new PullingReader(pull(source), chunkSize))
  if (isIterable(source)) return fromIterable(source, options)
  throw new TidemarkError('invalid-argument', `from: expected a stream or an iterable, got ${show(source)}`)
}

/** Tells a Node stream, also one of another copy of `node:stream`. */
export function isReadable(source: unknown): source is Readable {
  return has(source, 'read') && has(source, 'on')
}

function isWebStream<T>(source: Source<T>): source is ReadableStream<T> {
  return has(source, 'getReader')
}

function isAsyncIterable<T>(source: Source<T>): source is AsyncIterable<T> {
  return has(source, Symbol.asyncIterator)
}

function isIterable<T>(source: Source<T>): source is Iterable<T> {
  return typeof source === 'string' || has(source, Symbol.iterator)
}

function has(source: unknown, method: string | symbol): boolean {
  return typeof source === 'object' && source !== null && typeof Reflect.get(source, method) === 'function'
}

function pull<T>(iterable: AsyncIterable<T>): Pull<T> {
  const iterator = iterable[Symbol.asyncIterator]()
  return {
    next: () => iterator.next(),
    async close(isBusy) {
      const closed = iterator.return?.()
      // A generator returns only when what it waits for has come, and that may be never.
      if (!isBusy) await closed
    },
  }
}

function pullWeb<T>(stream: ReadableStream<T>): Pull<T> {
  const reader = stream.getReader()
  return {
    next: () => reader.read(),
    close: () => reader.cancel(),
  }
}
