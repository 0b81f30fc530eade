import type { Observable } from 'rxjs'
import { show, TidemarkError } from '../../lib/errors.ts'
import { defineSource } from '../../lib/wiring/source.ts'

/** Options of `fromIterable`. */
export interface FromIterableOptions {
  /** Values a chunk; 1,024 unless given. */
  readonly chunkSize?: number
  /** For metrics and error messages; `iterable` unless given. */
  readonly name?: string
}

/**
 * Reads an array, generator or other iterable in chunks, as fast as the job takes them. Unlike RxJS's `from` it can be held
 * back, so that an endless generator and a slow sink get along.
 *
 * Holds one chunk. The iterator is closed when the job ends before it does. What it throws is an `input` error of the job,
 * after the values before it.
 *
 * @throws TidemarkError `invalid-argument` for a chunk size that is no whole number > 0
 */
export function fromIterable<T>(iterable: Iterable<T>, options: FromIterableOptions = {}): Observable<T> {
  const { chunkSize = 1_024, name = 'iterable' } = options
  if (!Number.isSafeInteger(chunkSize) || chunkSize <= 0) {
    throw new TidemarkError(
      'invalid-argument',
      `fromIterable: chunkSize must be a whole number > 0, got ${show(chunkSize)}`,
    )
  }
  return defineSource<T>({
    name,
    open(_, position) {
      const iterator = iterable[Symbol.iterator]()
      let hasEnded = false
      /** Values that have been read. */
      let count = 0
      let failure: { readonly error: unknown } | undefined
      const fill = (values: T[]): void => {
        while (!hasEnded && values.length < chunkSize) {
          const next = iterator.next()
          if (next.done === true) hasEnded = true
          else values.push(next.value)
        }
      }
      while (count < Number(position ?? 0) && !hasEnded) {
        hasEnded = iterator.next().done === true
        count += 1
      }
      return {
        read() {
          const values: T[] = []
          try {
            fill(values)
          } catch (error) {
            // It comes after the values before it, so with the next read.
            hasEnded = true
            failure = { error }
          }
          const position = count
          count += values.length
          if (values.length > 0) return { values, position }
          if (failure !== undefined) throw failure.error
          return undefined
        },
        close() {
          if (!hasEnded) iterator.return?.()
        },
      }
    },
  })
}
