import { stringify } from 'fast-check'
import { balances } from '../../lib/counters.ts'
import type { Arrival } from '../arrival.ts'
import type { Pace } from '../pace.ts'
import { type Experiment, trial } from '../trial.ts'
import { refute } from './agree.ts'

const law = 'accountsForEveryEvent'

/**
 * Checks that no event goes missing and none appears from nowhere: after every turn of the job each operator's ledger
 * balances, at the end every event that arrived went in, and the late output got as many events as were counted late.
 *
 * A pipeline that fails it loses data without a word.
 */
export async function accountsForEveryEvent<T, R, K>(
  experiment: Experiment<T, R, K>,
  arrivals: readonly Arrival<T>[],
  pace?: Pace,
): Promise<void> {
  const { moments, metrics, late } = await trial(experiment, arrivals, pace)
  for (const [turn, { operators }] of moments.entries()) {
    const wrong = operators.find((operator) => !balances(operator))
    if (wrong !== undefined)
      refute(law, `${wrong.id}: expected every event accounted for after turn ${turn}, got ${stringify(wrong)}`)
  }
  const came = metrics.operators[0]?.in
  if (came !== arrivals.length) refute(law, `expected ${arrivals.length} events to go in, got ${came}`)
  const counted = metrics.operators.reduce((sum, operator) => sum + operator.late, 0)
  if (experiment.late !== undefined && late.length !== counted) {
    refute(law, `expected ${counted} events at the late output, got ${late.length}`)
  }
}
