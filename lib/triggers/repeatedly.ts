import { defineTrigger, type Trigger } from '../trigger.ts'
import { checkedTrigger, nameOf } from './parts.ts'

interface Repeated {
  state: unknown
}

/**
 * Fires whenever `trigger` does, and starts it anew when it is finished. Never finishes.
 *
 * @throws TidemarkError `invalid-argument` for what is no trigger
 * @example
 * window(tumbling('1h'), count(), { trigger: repeatedly(afterFirst(afterCount(1000), afterProcessingTime('10s'))) })
 */
export function repeatedly(trigger: Trigger): Trigger {
  const part = checkedTrigger('repeatedly', trigger)
  return defineTrigger<Repeated>({
    name: nameOf('repeatedly', [part]),
    fires: part.fires,
    finishes: 'never',
    create: () => ({ state: part.create() }),
    onEvent: ({ state }, time, context) => part.onEvent(state, time, context),
    shouldFire: ({ state }, context) => part.shouldFire(state, context),
    onFire(repeated, context) {
      if (part.onFire(repeated.state, context)) repeated.state = part.create()
      return false
    },
    merge: (into, from, context) => part.merge(into.state, from.state, context),
    rearm: ({ state }, context) => part.rearm?.(state, context),
    deadline: ({ state }, context) => part.deadline?.(state, context) ?? Infinity,
    watermarkDeadline: ({ state }, context) => part.watermarkDeadline?.(state, context) ?? Infinity,
  })
}
