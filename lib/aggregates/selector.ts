import { show, TidemarkError } from '../errors.ts'

/**
 * Checks the function that says what of a value is aggregated; the value itself unless given.
 *
 * @throws TidemarkError `invalid-argument` for anything but a function
 */
export function selector<T, V = T>(who: string, of: ((value: T) => V) | undefined): (value: T) => T | V {
  return of === undefined ? itself : givenSelector(who, of)
}

/**
 * Checks a function of a value that has to be given.
 *
 * @throws TidemarkError `invalid-argument` for anything but a function
 */
export function givenSelector<T, V>(who: string, of: (value: T) => V): (value: T) => V {
  if (typeof of !== 'function') {
    throw new TidemarkError('invalid-argument', `${who}: expected a function of the value, got ${show(of)}`)
  }
  return of
}

function itself<T>(value: T): T {
  return value
}
