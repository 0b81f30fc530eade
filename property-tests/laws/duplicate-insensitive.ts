import { inOrderOfArrival } from '../arrival.ts'
import type { Law } from '../law.ts'
import { agree } from '../refutation.ts'
import { outcomeOf, type OutcomeOptions } from './outcome.ts'

/**
 * Events that arrive once more, at once or after others, change nothing about the final result.
 *
 * When to use it: for pipelines that deduplicate, and for those whose aggregates do not mind (`countDistinct`, `max`), behind
 * whatever delivers at least once.
 */
export function duplicateInsensitive(options: OutcomeOptions = {}): Law {
  const outcome = outcomeOf(options)
  return {
    name: 'duplicateInsensitive',
    why: 'A pipeline that breaks it counts twice what a producer has sent again.',
    needs: 'a `deduplicate` in it, or aggregates to which a value more is nothing new',
    async check(tried) {
      const events = tried.withinBound
      const { elements } = await tried.calmWithinBound()
      // Every other one again behind the latest of those that may be there by then.
      const longest = Math.max(0, ...events.map(({ delay }) => delay))
      const again = events.map((each, i) => (i % 2 === 0 ? each : { ...each, delay: longest }))
      const twice = await tried.run({ events: inOrderOfArrival([...events, ...again]) })
      agree('the final result of each event once', outcome(twice.elements), outcome(elements))
    },
  }
}
