import type { Law } from '../law.ts'
import { steady } from '../pace.ts'
import { agree } from '../refutation.ts'

/**
 * A slow sink, and one that takes a few results at a time, change nothing: the same elements and the same late events come out, in
 * the same order.
 *
 * When to use it: always, but for pipelines with processing time in them, for which waiting is news.
 */
export function backpressureInvariant(): Law {
  return {
    name: 'backpressureInvariant',
    why: 'A pipeline that breaks it gives another answer when the database behind it is busy.',
    needs: 'no processing time in it',
    async check(tried) {
      const { batchSize, writes } = tried.case.pace
      const fast = await tried.calm()
      const slow = await tried.run({ pace: { ...steady, batchSize, writes } })
      agree('what a fast sink gets', slow.elements, fast.elements)
      agree('the late events beside a fast sink', slow.late, fast.late)
    },
  }
}
