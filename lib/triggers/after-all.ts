import { defineTrigger, type Trigger } from '../trigger.ts'
import { latest } from './moment.ts'
import { checkedParts, nameOf, Parts } from './parts.ts'

/**
 * Fires when all of the triggers would together, and is then finished.
 *
 * @throws TidemarkError `invalid-argument` for no trigger, or what is none
 * @example
 * repeatedly(afterAll(afterCount(100), afterProcessingTime('1s')))
 */
export function afterAll(...triggers: readonly Trigger[]): Trigger {
  const checked = checkedParts('afterAll', triggers)
  const parts = new Parts(checked)
  const fires = latest(checked.map((part) => part.fires))
  return defineTrigger<unknown[]>({
    name: nameOf('afterAll', checked),
    fires,
    finishes: fires,
    create: () => parts.create(),
    onEvent: (states, time, context) => parts.onEvent(states, time, context),
    shouldFire: (states, context) => parts.every(states, context),
    onFire: () => true,
    merge: (into, from, context) => parts.merge(into, from, context),
    rearm: (states, context) => parts.rearm(states, context),
    deadline: (states, context) => parts.deadline(states, context),
    watermarkDeadline: (states, context) => parts.watermarkDeadline(states, context),
  })
}
