import type { Law } from '../law.ts'
import { refute } from '../refutation.ts'

/**
 * Nothing is kept when the input has ended: no operator has entries or holds events.
 *
 * When to use it: for all pipelines but those that keep something forever and say so.
 */
export function noStateLeft(): Law {
  return {
    name: 'noStateLeft',
    why: 'A pipeline that breaks it grows until the process ends.',
    needs: 'nothing that is kept forever',
    async check(tried) {
      const { metrics } = await tried.calm()
      for (const { id, entries, held } of metrics.operators) {
        if (entries === 0 && held === 0) continue
        refute(`${id}: expected nothing at the end, got ${entries} entries and ${held} events held`)
      }
    },
  }
}
