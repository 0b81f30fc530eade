import { TidemarkError } from '../errors.ts'
import { formatDuration } from '../time.ts'
import type { Trigger } from '../trigger.ts'
import { checkedTrigger } from './parts.ts'

/**
 * Checks the outermost trigger of a window: one that may finish while events are still accepted would lose them.
 *
 * @param allowedLateness ms
 * @throws TidemarkError `invalid-argument`, with what to write instead
 */
export function safeTrigger(who: string, trigger: Trigger, allowedLateness: number): Trigger {
  const { name, finishes, isOnce } = checkedTrigger(`${who}: trigger`, trigger)
  if (isOnce === true || finishes === 'never') return trigger
  if (finishes === 'any-time') {
    throw new TidemarkError(
      'invalid-argument',
      `${who}: ${name} may finish before its window has expired, and what comes later would be lost; ` +
        `write repeatedly(${name}) to fire again, or once(${name}) to refuse what comes later`,
    )
  }
  if (allowedLateness > 0) {
    throw new TidemarkError(
      'invalid-argument',
      `${who}: ${name} finishes when the watermark completes its window, and what comes in the allowed lateness of ` +
        `${formatDuration(allowedLateness)} would be lost; write afterWatermark({ late: afterCount(1) }) to fire for it, or ` +
        `once(${name}) to refuse it`,
    )
  }
  return trigger
}
