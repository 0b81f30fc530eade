import { badValue } from './command-line.ts'
import { didYouMean } from './did-you-mean.ts'

/** The field with the event time, and how to read it. */
export interface TimeSpec {
  readonly field: string
  /** ISO 8601, units since 1970, or a pattern of `strptime`; unless given, ISO 8601 and units are told apart. */
  readonly format?: string
}

/** The units that times are counted in since 1970. */
export const timeUnits = ['s', 'ms', 'us', 'ns'] as const

const formats = ['iso', ...timeUnits]

/**
 * Reads `FIELD`, or `FIELD:FORMAT`, in which the format begins behind the first colon that has one behind it.
 *
 * @throws UsageError for a format that is none
 */
export function parseTime(text: string | undefined): TimeSpec | undefined {
  if (text === undefined || !text.includes(':')) return text === undefined ? undefined : { field: text }
  for (let colon = text.indexOf(':'); colon >= 0; colon = text.indexOf(':', colon + 1)) {
    const [field, format] = [text.slice(0, colon), text.slice(colon + 1)]
    if (field !== '' && (formats.includes(format) || format.includes('%'))) return { field, format }
  }
  const format = text.slice(text.lastIndexOf(':') + 1)
  throw badValue('time', text, `; no format '${format}'${didYouMean(format, formats)}`)
}
