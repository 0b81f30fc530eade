import type { Arrival } from '../arrival.ts'
import { type Experiment, trial } from '../trial.ts'
import { refute } from './agree.ts'

/**
 * Checks that nothing is kept when the input has ended: no operator has entries or holds events.
 *
 * A pipeline that fails it grows until the process ends.
 */
export async function leavesNoState<T, R, K>(
  experiment: Experiment<T, R, K>,
  arrivals: readonly Arrival<T>[],
): Promise<void> {
  const { metrics } = await trial(experiment, arrivals)
  for (const { id, entries, held } of metrics.operators) {
    if (entries !== 0 || held !== 0) {
      refute('leavesNoState', `${id}: expected nothing at the end, got ${entries} entries and ${held} events held`)
    }
  }
}
