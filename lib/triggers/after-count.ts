import { show, TidemarkError } from '../errors.ts'
import { defineTrigger, type Trigger } from '../trigger.ts'

interface Counted {
  events: number
}

/**
 * Fires when `count` events have come since it started, and is then finished: `repeatedly(afterCount(1))` fires for each
 * event. When windows merge, their counts add up. An event that is taken back counts as one more.
 *
 * @throws TidemarkError `invalid-argument` for a number that is not whole and > 0
 */
export function afterCount(count: number): Trigger {
  if (!Number.isSafeInteger(count) || count <= 0) {
    throw new TidemarkError('invalid-argument', `afterCount: count must be a whole number > 0, got ${show(count)}`)
  }
  return defineTrigger<Counted>({
    name: `afterCount(${count})`,
    fires: 'any-time',
    finishes: 'any-time',
    create: () => ({ events: 0 }),
    onEvent(state) {
      state.events += 1
    },
    shouldFire: ({ events }) => events >= count,
    onFire: () => true,
    merge(into, from) {
      into.events += from.events
    },
  })
}
