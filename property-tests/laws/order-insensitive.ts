import { type Arrival, inTimeOrder } from '../arrival.ts'
import { finalResult } from '../final-result.ts'
import { type Experiment, trial } from '../trial.ts'
import { agree } from './agree.ts'

/**
 * Checks that the final result does not depend on the order of arrival: it is that of the same events in the order of their
 * times. For events within the bound of the watermark strategy; what arrives too late must be missing.
 *
 * A pipeline that fails it gives another answer when a log is read again, or a partition is slow.
 */
export async function orderInsensitive<T, R, K>(
  experiment: Experiment<T, R, K>,
  arrivals: readonly Arrival<T>[],
): Promise<void> {
  const inOrder = await trial(experiment, inTimeOrder(arrivals))
  const asTheyCame = await trial(experiment, arrivals)
  const expected = finalResult(inOrder.elements)
  agree('orderInsensitive', 'the final result of the events in time order', finalResult(asTheyCame.elements), expected)
}
