import { callbackError } from '../../lib/callback-error.ts'

/**
 * A line of text for each value.
 *
 * @param who names the sink in errors
 * @throws TidemarkError `callback` when `format` throws
 */
export function textOf<T>(values: readonly T[], format: (value: T) => string, who: string): string {
  try {
    let lines = ''
    for (const value of values) lines += `${format(value)}\n`
    return lines
  } catch (error) {
    throw callbackError(error, who)
  }
}
