import { messageOf } from '../lib/errors.ts'
import { badValue } from './command-line.ts'

/**
 * Reads a regular expression for the beginning of lines.
 *
 * @throws UsageError for what is none
 */
export function parseMultiline(text: string | undefined): RegExp | undefined {
  if (text === undefined) return undefined
  try {
    return new RegExp(`^(?:${text})`)
  } catch (error) {
    throw badValue('multiline', text, `; ${messageOf(error)}`, error)
  }
}
