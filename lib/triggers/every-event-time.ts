import { type Duration, formatDuration, toPositiveMillis } from '../time.ts'
import { defineTrigger, type Trigger } from '../trigger.ts'
import { type Deadline, mergeDeadlines, nextMultiple } from './deadline.ts'

interface Progress extends Deadline {
  hasFired: boolean
}

/**
 * Fires when the watermark passes the next multiple of `interval` after the first event of a window, and each further one
 * since which something has come; when it completes the window; and then for every later event. Never finishes.
 *
 * @throws TidemarkError `invalid-duration` or `invalid-argument` for an interval that is no duration > 0
 * @see Flink's ContinuousEventTimeTrigger
 */
export function everyEventTime(interval: Duration): Trigger {
  const millis = toPositiveMillis(interval, 'everyEventTime: interval')
  return defineTrigger<Progress>({
    name: `everyEventTime(${formatDuration(millis)})`,
    fires: 'any-time',
    finishes: 'never',
    create: () => ({ at: Infinity, hasFired: false }),
    onEvent(state, time, { watermark }) {
      if (state.at !== Infinity) return
      // Multiples that the watermark has passed have had their turn.
      state.at = nextMultiple(millis, state.hasFired ? watermark : Math.max(time, watermark))
    },
    shouldFire: ({ at }, { isComplete, watermark }) => isComplete || watermark >= at,
    onFire(state) {
      state.at = Infinity
      state.hasFired = true
      return false
    },
    merge(into, from) {
      mergeDeadlines(into, from)
      into.hasFired ||= from.hasFired
    },
    watermarkDeadline: ({ at }) => at,
  })
}
