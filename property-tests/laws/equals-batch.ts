import type { Arrival } from '../arrival.ts'
import { inFixedOrder, type Result } from '../final-result.ts'
import type { Law } from '../law.ts'
import { agree } from '../refutation.ts'
import { outcomeOf, type OutcomeOptions } from './outcome.ts'

/** Computes over all of an input at once what a pipeline must come to, in any order; `batchWindows` is one for windows. */
export type Oracle<T> = (events: readonly Arrival<T>[]) => readonly Result[]

/**
 * The final result is what a batch computation over all of the input gives, of the events that are not behind the watermark.
 *
 * When to use it: whenever the answer can be computed in a second way, however slow. It is the one law that knows what is right.
 *
 * @param oracle gets the events in the order of arrival
 */
export function equalsBatch<T>(oracle: Oracle<T>, options: OutcomeOptions = {}): Law<T> {
  const outcome = outcomeOf(options)
  return {
    name: 'equalsBatch',
    why: 'A pipeline that breaks it computes something else than what was meant, however consistently.',
    needs: 'a second way to compute the result',
    async check(tried) {
      const { elements } = await tried.calmWithinBound()
      agree('the final result of the batch', outcome(elements), inFixedOrder(oracle(tried.withinBound)))
    },
  }
}
