import type { Law } from '../law.ts'
import { steady } from '../pace.ts'
import { agree } from '../refutation.ts'

/**
 * Chunk sizes and slow reads change nothing: the same elements and the same late events come out, in the same order.
 *
 * When to use it: always, but for pipelines with processing time in them, for which reading slowly is news.
 */
export function chunkInvariant(): Law {
  return {
    name: 'chunkInvariant',
    why: 'A pipeline that breaks it gives another answer for a file that is read in other pieces.',
    needs: 'no processing time in it',
    async check(tried) {
      const { chunks, reads } = tried.case.pace
      const whole = await tried.calm()
      const cut = await tried.run({ pace: { ...steady, chunks, reads } })
      agree('what large chunks give', cut.elements, whole.elements)
      agree('the late events of large chunks', cut.late, whole.late)
    },
  }
}
