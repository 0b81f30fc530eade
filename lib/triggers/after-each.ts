import { defineTrigger, type Trigger } from '../trigger.ts'
import { latest } from './moment.ts'
import { checkedParts, nameOf } from './parts.ts'

interface Stage {
  /** Which of the triggers is at work. */
  current: number
  state: unknown
}

/**
 * Fires as the first of the triggers until that is finished, then as the next one, which starts with nothing, and so on. It is
 * finished after the last. When windows merge, the stage that is further behind goes on.
 *
 * @throws TidemarkError `invalid-argument` for no trigger, or what is none
 * @example
 * afterEach(afterCount(1), repeatedly(everyProcessingTime('1m')))
 */
export function afterEach(...triggers: readonly Trigger[]): Trigger {
  const parts = checkedParts('afterEach', triggers)
  // It never runs past the last one: then it is finished.
  const at = ({ current }: Stage): Trigger => parts[current] as Trigger
  const [first] = parts
  return defineTrigger<Stage>({
    name: nameOf('afterEach', parts),
    fires: first?.fires ?? 'never',
    finishes: latest(parts.map((part) => part.finishes)),
    create: () => ({ current: 0, state: first?.create() }),
    onEvent: (stage, time, context) => at(stage).onEvent(stage.state, time, context),
    shouldFire: (stage, context) => at(stage).shouldFire(stage.state, context),
    onFire(stage, context) {
      if (!at(stage).onFire(stage.state, context)) return false
      if (stage.current === parts.length - 1) return true
      stage.current += 1
      stage.state = at(stage).create()
      return false
    },
    merge(into, from, context) {
      if (from.current < into.current) {
        into.current = from.current
        into.state = from.state
      } else if (from.current === into.current) at(into).merge(into.state, from.state, context)
    },
    rearm: (stage, context) => at(stage).rearm?.(stage.state, context),
    deadline: (stage, context) => at(stage).deadline?.(stage.state, context) ?? Infinity,
    watermarkDeadline: (stage, context) => at(stage).watermarkDeadline?.(stage.state, context) ?? Infinity,
  })
}
