import { show, TidemarkError } from '../errors.ts'

/**
 * Checks the function that says what of a value is aggregated; the value itself unless given.
 *
 * @throws TidemarkError `invalid-argument` for anything but a function
 */
export function selector<T>(who: string, of: ((value: T) => T) | undefined): (value: T) => T {
  if (of === undefined) return itself
  if (typeof of !== 'function') {
    throw new TidemarkError('invalid-argument', `${who}: expected a function of the value, got ${show(of)}`)
  }
  return of
}

function itself<T>(value: T): T {
  return value
}
