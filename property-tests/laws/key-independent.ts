import type { Diff, Event } from '../../lib/element.ts'
import type { PaneInfo } from '../../lib/window.ts'
import { filter } from '../../operators/filter.ts'
import type { Arrival } from '../arrival.ts'
import { type Experiment, trial } from '../trial.ts'
import { agree } from './agree.ts'

/**
 * Checks that what comes out for a key is the same when the events of all other keys are left out, under the same watermarks.
 *
 * A pipeline that fails it shares something between keys that it should not, and can't be spread over partitions.
 *
 * @param keyOf the key that the pipeline gives a value
 */
export async function keyIndependent<T, R, K>(
  experiment: Experiment<T, R, K>,
  arrivals: readonly Arrival<T>[],
  keyOf: (value: T) => K,
): Promise<void> {
  const together = await trial(experiment, arrivals)
  for (const key of new Set(arrivals.map(({ value }) => keyOf(value)))) {
    const isOfKey = (value: T): boolean => Object.is(keyOf(value), key)
    const alone = await trial(
      { ...experiment, pipeline: (events) => experiment.pipeline(events.pipe(filter(isOfKey))) },
      arrivals,
    )
    const ofKey = (event: { kind: string; key?: K }): event is Event<R, K, PaneInfo, Diff> =>
      event.kind === 'event' && Object.is(event.key, key)
    agree(
      'keyIndependent',
      `what the events of key ${String(key)} give alone`,
      together.elements.filter(ofKey),
      alone.elements.filter(ofKey),
    )
  }
}
