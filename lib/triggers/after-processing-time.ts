import { type Duration, formatDuration, toPositiveMillis } from '../time.ts'
import { defineTrigger, type Trigger } from '../trigger.ts'
import { type Deadline, mergeDeadlines, noDeadline } from './deadline.ts'

/**
 * Fires when `delay` of processing time has gone by since the first event of the pane, each window for itself, and is then
 * finished. When windows merge, the earlier deadline stays.
 *
 * @throws TidemarkError `invalid-duration` or `invalid-argument` for a delay that is no duration > 0
 */
export function afterProcessingTime(delay: Duration): Trigger {
  const millis = toPositiveMillis(delay, 'afterProcessingTime: delay')
  return defineTrigger<Deadline>({
    name: `afterProcessingTime(${formatDuration(millis)})`,
    fires: 'any-time',
    finishes: 'any-time',
    create: noDeadline,
    onEvent(state, _, { now }) {
      if (state.at === Infinity) state.at = now + millis
    },
    shouldFire: ({ at }, { now }) => now >= at,
    onFire: () => true,
    merge: mergeDeadlines,
    deadline: ({ at }) => at,
  })
}
