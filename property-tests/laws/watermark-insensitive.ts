import { punctuated } from '../../lib/watermarks/punctuated.ts'
import type { Arrival } from '../arrival.ts'
import { finalResult } from '../final-result.ts'
import { type Experiment, trial } from '../trial.ts'
import { agree } from './agree.ts'

/**
 * Checks that watermarks say when results leave, and not what they come to: the final result is that of a run without any
 * watermark before the end. For events within the bound of the watermark strategy, or within the lateness that every window of
 * the pipeline allows.
 *
 * A pipeline that fails it gives another answer when a source falls silent, or when the bound is set anew.
 */
export async function watermarkInsensitive<T, R, K>(
  experiment: Experiment<T, R, K>,
  arrivals: readonly Arrival<T>[],
): Promise<void> {
  const atTheEnd = await trial({ ...experiment, watermark: punctuated<T>(() => undefined) }, arrivals)
  const asDeclared = await trial(experiment, arrivals)
  const expected = finalResult(atTheEnd.elements)
  agree('watermarkInsensitive', 'the final result without watermarks', finalResult(asDeclared.elements), expected)
}
