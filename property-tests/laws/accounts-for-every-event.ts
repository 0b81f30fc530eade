import { stringify } from 'fast-check'
import { balances } from '../../lib/counters.ts'
import type { Law } from '../law.ts'
import { refute } from '../refutation.ts'
import { ingressId } from '../trial.ts'

/**
 * No event goes missing and none appears from nowhere: after every turn of the job each operator's ledger balances, at the end
 * every event that arrived went in, and the late output got as many events as were counted late.
 *
 * When to use it: always. A late output is compared if `checkPipeline` is told of it.
 */
export function accountsForEveryEvent(): Law {
  return {
    name: 'accountsForEveryEvent',
    why: 'A pipeline that breaks it loses data without a word.',
    needs: 'operators that keep a ledger, as all of tidemark do',
    async check(tried) {
      const { case: of, hasLateOutput } = tried
      const { moments, metrics, late } = await tried.run({ pace: of.pace, watched: true })
      for (const [turn, { operators }] of moments.entries()) {
        const wrong = operators.find((operator) => !balances(operator))
        if (wrong !== undefined)
          refute(`${wrong.id}: expected every event accounted for after turn ${turn}, got ${stringify(wrong)}`)
      }
      const came = metrics.operators.find(({ id }) => id === ingressId)?.in
      if (came !== of.events.length) refute(`expected ${of.events.length} events to go in, got ${came}`)
      const counted = metrics.operators.reduce((sum, operator) => sum + operator.late, 0)
      if (hasLateOutput && late.length !== counted) {
        refute(`expected ${counted} events at the late output, got ${late.length}`)
      }
    },
  }
}
