import { toPositiveMillis } from '../lib/time.ts'
import { badValue } from './command-line.ts'

/** The field by which records are one and the same. */
export interface DedupSpec {
  readonly field: string
  /** How far apart in event time they may be for that, ms. */
  readonly within: number
}

/** ms */
const usualWithin = 86_400_000

/**
 * Reads `FIELD[:DUR]`.
 *
 * @throws UsageError for a duration that is none
 */
export function parseDedup(text: string | undefined): DedupSpec | undefined {
  if (text === undefined) return undefined
  const [, field = text, duration] = /^(.+):([^:]*)$/s.exec(text) ?? []
  if (duration === undefined) return { field, within: usualWithin }
  try {
    return { field, within: toPositiveMillis(duration, 'dedup') }
  } catch (error) {
    throw badValue('dedup', text, `; '${duration}' is no duration`, error)
  }
}
