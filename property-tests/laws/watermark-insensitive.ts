import { punctuated } from '../../lib/watermarks/punctuated.ts'
import type { Law } from '../law.ts'
import { agree } from '../refutation.ts'
import { outcomeOf, type OutcomeOptions } from './outcome.ts'

/**
 * Watermarks say when results leave, and not what they come to: the final result is that of a run without any watermark before the
 * end. For the events that are not behind it.
 *
 * When to use it: for pipelines whose source may fall silent, or whose bound may be set anew.
 */
export function watermarkInsensitive(options: OutcomeOptions = {}): Law {
  const outcome = outcomeOf(options)
  return {
    name: 'watermarkInsensitive',
    why: 'A pipeline that breaks it gives another answer when a source falls silent, or the bound is set anew.',
    needs: 'results that do not depend on how far the watermark is behind',
    async check(tried) {
      const { elements } = await tried.calmWithinBound()
      const watermark = punctuated<unknown>(() => undefined)
      const atTheEnd = await tried.run({ events: tried.withinBound, watermark })
      agree('the final result without watermarks', outcome(elements), outcome(atTheEnd.elements))
    },
  }
}
