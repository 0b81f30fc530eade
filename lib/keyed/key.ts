import { show, TidemarkError } from '../errors.ts'

/** What can be a key: values that a map finds again. */
export type Key = string | number | bigint | boolean | null | undefined

/** @throws TidemarkError `invalid-key` for an object or a function, because two equal ones would be two keys */
export function checkKey(key: unknown): void {
  if ((typeof key !== 'object' || key === null) && typeof key !== 'function') return
  throw new TidemarkError(
    'invalid-key',
    `expected a key that is a text, number or other primitive value, got ${show(key)}`,
  )
}
