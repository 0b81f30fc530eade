import { defineTrigger, type Trigger } from '../trigger.ts'
import { earliest } from './moment.ts'
import { checkedTrigger, nameOf, Parts } from './parts.ts'

/**
 * Fires when either trigger would, and is finished when `until` fires or `trigger` is finished. `until` counts from the start,
 * across the firings of `trigger`.
 *
 * @throws TidemarkError `invalid-argument` for what is no trigger
 * @example
 * once(orFinally(repeatedly(afterCount(10)), afterCount(100)))
 */
export function orFinally(trigger: Trigger, until: Trigger): Trigger {
  const part = checkedTrigger('orFinally: trigger', trigger)
  const end = checkedTrigger('orFinally: until', until)
  const parts = new Parts([part, end])
  return defineTrigger<unknown[]>({
    name: nameOf('orFinally', [part, end]),
    fires: earliest([part.fires, end.fires]),
    finishes: earliest([part.finishes, end.fires]),
    create: () => parts.create(),
    onEvent: (states, time, context) => parts.onEvent(states, time, context),
    shouldFire: (states, context) => parts.some(states, context),
    onFire: ([state, ending], context) => end.shouldFire(ending, context) || part.onFire(state, context),
    merge: (into, from, context) => parts.merge(into, from, context),
    rearm: (states, context) => parts.rearm(states, context),
    deadline: (states, context) => parts.deadline(states, context),
    watermarkDeadline: (states, context) => parts.watermarkDeadline(states, context),
  })
}
