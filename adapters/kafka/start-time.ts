import { show, TidemarkError } from '../../lib/errors.ts'
import type { OffsetTime } from './driver.ts'

/** The first record there is, behind the last one, or the first one with this timestamp or a later one. */
export type StartTime = 'earliest' | 'latest' | Date

/**
 * @param who names the adapter in errors
 * @throws TidemarkError `invalid-argument`
 */
export function toStartTime(who: string, start: StartTime): OffsetTime {
  if (start === 'earliest' || start === 'latest') return start
  if (start instanceof Date && !Number.isNaN(start.getTime())) return start.getTime()
  throw new TidemarkError('invalid-argument', `${who}: expected 'earliest', 'latest' or a Date, got ${show(start)}`)
}
