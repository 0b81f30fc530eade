import { defineTrigger, type Trigger, type TriggerContext } from '../trigger.ts'
import { never } from './never.ts'
import { checkedTrigger } from './parts.ts'

/** When to fire before and after the window's completion. */
export interface AroundCompletion {
  /** Fires again and again before the watermark completes the window: speculative results. */
  readonly early?: Trigger
  /** Fires again and again after it: corrections for late events. */
  readonly late?: Trigger
}

interface Phases {
  /** It has fired for the completion: `late` has its turn, and `early` had it before. */
  isLate: boolean
  /** What the trigger of the present phase remembers. */
  state: unknown
}

/**
 * Fires when the watermark completes the window; before, again and again as `early`; after, again and again as `late`. It is
 * finished at completion if there is no `late`. When windows merge into one that is not complete, it waits for that once more.
 *
 * A window whose first event comes after its completion fires at once.
 *
 * @throws TidemarkError `invalid-argument` for what is no trigger
 * @example
 * window(tumbling('1h'), count(), {
 *   trigger: afterWatermark({ early: everyProcessingTime('1m'), late: afterCount(1) }),
 *   allowedLateness: '1d',
 * })
 */
export function afterWatermark(around: AroundCompletion = {}): Trigger {
  const early = around.early === undefined ? never() : checkedTrigger('afterWatermark: early', around.early)
  const late = around.late === undefined ? never() : checkedTrigger('afterWatermark: late', around.late)
  const of = ({ isLate }: Phases): Trigger => (isLate ? late : early)
  const isDue = ({ isLate }: Phases, { isComplete }: TriggerContext): boolean => isComplete && !isLate
  return defineTrigger<Phases>({
    name: nameOf(around),
    fires: early.fires === 'any-time' ? 'any-time' : 'completion',
    finishes: around.late === undefined ? 'completion' : 'never',
    create: () => ({ isLate: false, state: early.create() }),
    onEvent: (phases, time, context) => of(phases).onEvent(phases.state, time, context),
    shouldFire: (phases, context) => isDue(phases, context) || of(phases).shouldFire(phases.state, context),
    onFire(phases, context) {
      if (isDue(phases, context)) {
        phases.isLate = true
        phases.state = late.create()
        return around.late === undefined
      }
      // Again and again: what is finished starts anew.
      if (of(phases).onFire(phases.state, context)) phases.state = of(phases).create()
      return false
    },
    merge(into, from, context) {
      if (into.isLate === from.isLate) {
        of(into).merge(into.state, from.state, context)
        rearm(into, context)
      } else if (into.isLate) {
        // Of a window that has fired nothing counts, when another has not.
        into.isLate = false
        into.state = from.state
      }
    },
    rearm,
    deadline: (phases, context) => of(phases).deadline?.(phases.state, context) ?? Infinity,
    watermarkDeadline: (phases, context) => of(phases).watermarkDeadline?.(phases.state, context) ?? Infinity,
  })

  function rearm(phases: Phases, { isComplete }: TriggerContext): void {
    if (isComplete || !phases.isLate) return
    phases.isLate = false
    phases.state = early.create()
  }
}

function nameOf({ early, late }: AroundCompletion): string {
  const parts = Object.entries({ early, late }).flatMap(([name, part]) =>
    part === undefined ? [] : `${name}: ${part.name}`,
  )
  return parts.length === 0 ? 'afterWatermark()' : `afterWatermark({ ${parts.join(', ')} })`
}
