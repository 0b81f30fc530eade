import type { Arrival } from '../arrival.ts'
import type { Pace } from '../pace.ts'
import { type Experiment, trial } from '../trial.ts'
import { agree } from './agree.ts'

/**
 * Checks that chunk sizes, slow reads and a slow sink change nothing: the same elements and the same late events come out, in
 * the same order.
 *
 * A pipeline that fails it gives another answer on a busy machine, or for a file that is read in other pieces.
 */
export async function paceInvariant<T, R, K>(
  experiment: Experiment<T, R, K>,
  arrivals: readonly Arrival<T>[],
  pace: Pace,
): Promise<void> {
  const steady = await trial(experiment, arrivals)
  const atPace = await trial(experiment, arrivals, pace)
  agree('paceInvariant', 'what a steady pace gives', atPace.elements, steady.elements)
  agree('paceInvariant', 'the late events of a steady pace', atPace.late, steady.late)
}
