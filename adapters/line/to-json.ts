import { show, TidemarkError } from '../../lib/errors.ts'

/**
 * Makes JSON of a value.
 *
 * @throws TidemarkError `output` for a value that JSON can't express
 */
export function toJson(value: unknown): string {
  // Undefined for a function, a symbol and undefined itself, whatever its type says.
  const json: string | undefined = JSON.stringify(value)
  if (json !== undefined) return json
  throw new TidemarkError('output', `expected a value that JSON can express, got ${show(value)}`)
}
