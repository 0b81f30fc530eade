import type { Law } from '../law.ts'
import { agree } from '../refutation.ts'
import type { Pipeline } from '../trial.ts'
import { outcomeOf, type OutcomeOptions } from './outcome.ts'

/**
 * Another pipeline gives the same final result, of late events, too: one that was written anew, or in another way.
 *
 * When to use it: while you refactor; to compare a live pipeline with a batch one.
 */
export function sameAs<T>(other: Pipeline<T>, options: OutcomeOptions = {}): Law<T> {
  const outcome = outcomeOf(options)
  return {
    name: 'sameAs',
    why: 'What was meant to be the same pipeline, written in another way, is not.',
    needs: 'another pipeline over the same events',
    async check(tried) {
      const { elements } = await tried.calm()
      const others = await tried.run({ pipeline: other })
      agree('the final result of the other pipeline', outcome(elements), outcome(others.elements))
    },
  }
}
