import type { Law } from '../law.ts'
import { agree } from '../refutation.ts'
import { outcomeOf, type OutcomeOptions } from './outcome.ts'

/**
 * The final result does not depend on processing time: it is the same on a clock that stands still.
 *
 * When to use it: for pipelines with triggers of processing time, which may say when results leave and not what they come to; and
 * for all others, to find out that they have none.
 */
export function clockInsensitive(options: OutcomeOptions = {}): Law {
  const outcome = outcomeOf(options)
  return {
    name: 'clockInsensitive',
    why: 'A backfill, which takes minutes, gives another answer than the day that it repeats.',
    needs: 'results that are a matter of event time',
    async check(tried) {
      const { pace } = tried.case
      const moving = await tried.run({ pace })
      const still = await tried.run({ pace, clock: [0] })
      agree('the final result on a clock that stands still', outcome(moving.elements), outcome(still.elements))
    },
  }
}
