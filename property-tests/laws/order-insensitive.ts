import { inTimeOrder } from '../arrival.ts'
import type { Law } from '../law.ts'
import { agree } from '../refutation.ts'
import { outcomeOf, type OutcomeOptions } from './outcome.ts'

/**
 * The final result does not depend on the order in which events arrive, as long as none is behind the watermark: it is that of the
 * same events in the order of their times. What arrives too late is left out on both sides.
 *
 * When to use it: always, but for pipelines that mean the order of arrival. Events of one time stay in the order they have.
 */
export function orderInsensitive(options: OutcomeOptions = {}): Law {
  const outcome = outcomeOf(options)
  return {
    name: 'orderInsensitive',
    why: 'A pipeline that breaks it gives another answer when a log is read again, or a partition is slow.',
    needs: 'results that do not depend on which came first, for events within the bound of the watermark',
    async check(tried) {
      const { elements } = await tried.calmWithinBound()
      const inOrder = await tried.run({ events: inTimeOrder(tried.withinBound) })
      agree('the final result of the events in time order', outcome(elements), outcome(inOrder.elements))
    },
  }
}
