import { defineTrigger, type Trigger } from '../trigger.ts'
import { earliest } from './moment.ts'
import { checkedParts, nameOf, Parts } from './parts.ts'

/**
 * Fires when any of the triggers would, and is then finished.
 *
 * @throws TidemarkError `invalid-argument` for no trigger, or what is none
 * @example
 * repeatedly(afterFirst(afterCount(1000), afterProcessingTime('10s')))
 */
export function afterFirst(...triggers: readonly Trigger[]): Trigger {
  const checked = checkedParts('afterFirst', triggers)
  const parts = new Parts(checked)
  const fires = earliest(checked.map((part) => part.fires))
  return defineTrigger<unknown[]>({
    name: nameOf('afterFirst', checked),
    fires,
    finishes: fires,
    create: () => parts.create(),
    onEvent: (states, time, context) => parts.onEvent(states, time, context),
    shouldFire: (states, context) => parts.some(states, context),
    onFire: () => true,
    merge: (into, from, context) => parts.merge(into, from, context),
    rearm: (states, context) => parts.rearm(states, context),
    deadline: (states, context) => parts.deadline(states, context),
    watermarkDeadline: (states, context) => parts.watermarkDeadline(states, context),
  })
}
