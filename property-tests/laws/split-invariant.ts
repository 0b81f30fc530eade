import type { Law } from '../law.ts'
import { agree } from '../refutation.ts'
import { outcomeOf, type OutcomeOptions } from './outcome.ts'

/**
 * The final result does not depend on how the events are dealt out to the splits of a source (partitions, files, connections), each
 * of which has a watermark of its own; also if one of them is quiet for long, or ends before the others. For the events within the
 * bound: of those behind it, more are on time where the watermark is that of the slowest split.
 *
 * When to use it: before a pipeline reads from more than one partition, or from another number of them.
 */
export function splitInvariant(options: OutcomeOptions = {}): Law {
  const outcome = outcomeOf(options)
  return {
    name: 'splitInvariant',
    why: 'A pipeline that breaks it gives another answer when partitions are added, or moved to another process.',
    needs: 'results that do not depend on how far the watermark is behind',
    async check(tried) {
      const { elements } = await tried.calmWithinBound()
      const { splits } = tried.case
      const dealt = await tried.run({ events: tried.withinBound, splits })
      agree('the final result of a single split', outcome(dealt.elements), outcome(elements))
    },
  }
}
