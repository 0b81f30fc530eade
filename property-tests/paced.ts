import type { Observable } from 'rxjs'
import type { Chunk } from '../lib/chunk-source.ts'
import { defineSource } from '../lib/source.ts'
import { microtasks, type Pace } from './pace.ts'

/** Reads values in the chunks and with the delays of a pace. */
export function paced<T>(values: readonly T[], pace: Pace): Observable<T> {
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
