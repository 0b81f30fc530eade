import { show, TidemarkError } from '../errors.ts'

/**
 * Lets finite numbers pass. One NaN or `undefined` among them would spoil every later sum without a word.
 *
 * @throws TidemarkError `invalid-argument` for anything else
 */
export function finite(value: number, who: string): number {
  if (!Number.isFinite(value)) {
    throw new TidemarkError('invalid-argument', `${who}: expected a finite number, got ${show(value)}`)
  }
  return value
}
