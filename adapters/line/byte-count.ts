import { constants } from 'node:buffer'
import { show, TidemarkError } from '../../lib/errors.ts'

/**
 * Checks a size in bytes: a whole number from 1 to what fits into one text.
 *
 * @param who names the option in the error
 * @throws TidemarkError `invalid-argument` for anything else
 */
export function toByteCount(count: number, who: string): number {
  if (Number.isSafeInteger(count) && count > 0 && count <= constants.MAX_STRING_LENGTH) return count
  throw new TidemarkError(
    'invalid-argument',
    `${who} must be a whole number of bytes from 1 to ${constants.MAX_STRING_LENGTH}, got ${show(count)}`,
  )
}
