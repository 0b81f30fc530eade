import type { Observable } from 'rxjs'
import { stringify } from 'fast-check'
import type { Chunk } from '../lib/chunk-source.ts'
import { TidemarkError } from '../lib/errors.ts'
import { defineSource } from '../lib/wiring/source.ts'
import { microtasks, type Pace } from './pace.ts'

/**
 * Reads values in the chunks and with the delays of a pace.
 *
 * @throws TidemarkError `invalid-argument` for a pace at which they never come to an end
 */
export function paced<T>(values: readonly T[], pace: Pace): Observable<T> {
  if (!pace.chunks.some((size) => size > 0)) {
    throw new TidemarkError(
      'invalid-argument',
      `paced: expected a chunk that is not empty, got ${stringify(pace.chunks)}`,
    )
  }
  return defineSource<T>({
    name: 'paced',
    open() {
      let next = 0
      let reads = 0
      const chunk = (): Chunk<T> | undefined => {
        if (next >= values.length) return undefined
        const from = next
        next += pace.chunks[reads % pace.chunks.length] ?? 1
        return { values: values.slice(from, next) }
      }
      return {
        read() {
          const delay = pace.reads[reads % pace.reads.length] ?? 0
          const answer = chunk()
          reads += 1
          return delay === 0 ? answer : microtasks(delay).then(() => answer)
        },
        close() {},
      }
    },
  })
}
