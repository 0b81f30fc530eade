import { TidemarkError } from '../errors.ts'
import type { Trigger } from '../trigger.ts'
import { checkedTrigger, nameOf } from './parts.ts'

/**
 * Lets a trigger that finishes close its window: fires as `trigger` does, and when that is finished, later events are refused,
 * counted, and handed to the output `closed`. Without it, a window whose trigger may finish before it has expired is refused,
 * because what comes later would be lost by surprise.
 *
 * @throws TidemarkError `invalid-argument` for what is no trigger, or one that never finishes
 * @example
 * window(session('30m'), first(), { trigger: once(afterCount(1)) })
 */
export function once(trigger: Trigger): Trigger {
  const part = checkedTrigger('once', trigger)
  if (part.finishes === 'never') {
    throw new TidemarkError(
      'invalid-argument',
      `once: expected a trigger that finishes, got ${part.name}; afterFirst(...) makes one that does when it fires`,
    )
  }
  return { ...trigger, name: nameOf('once', [part]), isOnce: true }
}
