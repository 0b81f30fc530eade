import type { Law } from '../law.ts'
import { agree } from '../refutation.ts'

/**
 * The same events give the same elements in the same order, in a second run, too. The wall's clock has moved on by then.
 *
 * When to use it: always. What asks `Date.now()` or `Math.random()`, or leaves something behind for the next run, is found by it.
 */
export function deterministic(): Law {
  return {
    name: 'deterministic',
    why: 'Of a pipeline that breaks it no failure can be repeated, and no run compared with another.',
    needs: 'nothing',
    async check(tried) {
      const first = await tried.calm()
      const now = Date.now()
      while (Date.now() === now);
      const second = await tried.run({})
      agree('what the first run gave', second.elements, first.elements)
      agree('the late events of the first run', second.late, first.late)
    },
  }
}
