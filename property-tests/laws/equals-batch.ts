import type { Arrival } from '../arrival.ts'
import { finalResult, type WindowResult } from '../final-result.ts'
import { type Experiment, trial } from '../trial.ts'
import { agree } from './agree.ts'

/**
 * Checks that the final result is what a batch computation over all of the input gives, such as `batchWindows`. For events
 * within the bound of the watermark strategy.
 *
 * A pipeline that fails it computes something else than what was meant, however consistently.
 *
 * @param oracle gives its results sorted, as `batchWindows` and `inFixedOrder` do
 */
export async function equalsBatch<T, R, K>(
  experiment: Experiment<T, R, K>,
  arrivals: readonly Arrival<T>[],
  oracle: (arrivals: readonly Arrival<T>[]) => readonly WindowResult<R, K>[],
): Promise<void> {
  const { elements } = await trial(experiment, arrivals)
  agree('equalsBatch', 'the final result of the batch', finalResult(elements), oracle(arrivals))
}
