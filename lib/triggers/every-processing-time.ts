import { type Duration, formatDuration, toPositiveMillis } from '../time.ts'
import { defineTrigger, type Trigger } from '../trigger.ts'
import { type Deadline, mergeDeadlines, nextMultiple, noDeadline } from './deadline.ts'

/**
 * Fires at each multiple of `interval` of the clock, all windows with something new together. Never finishes.
 *
 * @throws TidemarkError `invalid-duration` or `invalid-argument` for an interval that is no duration > 0
 */
export function everyProcessingTime(interval: Duration): Trigger {
  const millis = toPositiveMillis(interval, 'everyProcessingTime: interval')
  return defineTrigger<Deadline>({
    name: `everyProcessingTime(${formatDuration(millis)})`,
    fires: 'any-time',
    finishes: 'never',
    create: noDeadline,
    onEvent(state, _, { now }) {
      if (state.at === Infinity) state.at = nextMultiple(millis, now)
    },
    shouldFire: ({ at }, { now }) => now >= at,
    onFire(state) {
      state.at = Infinity
      return false
    },
    merge: mergeDeadlines,
    deadline: ({ at }) => at,
  })
}
