import { messageOf } from '../lib/errors.ts'
import { badValue } from './command-line.ts'
import { didYouMean } from './did-you-mean.ts'
import { grokPattern } from './grok.ts'

/** The format asked for. */
export type FormatSpec =
  | { readonly kind: NamedFormat }
  | { readonly kind: 'regex'; readonly pattern: RegExp; readonly groups: readonly string[] }

/** The formats that have a name, in the order in which a line is more likely to be of one than of those behind it. */
export type NamedFormat = (typeof namedFormats)[number]

export const namedFormats = ['json', 'combined', 'common', 'apache-error', 'syslog', 'logfmt', 'tsv', 'csv'] as const

/**
 * Reads the name of a format, `auto`, for which there is nothing to know by now, `regex:/.../` with the flags of a regular expression behind it, or
 * `grok:` with a pattern of named patterns.
 *
 * @throws UsageError for an unknown name, and for an expression that is none or has no named groups
 */
export function parseFormat(text: string | undefined): FormatSpec | undefined {
  if (text === undefined || text === 'auto') return undefined
  const kind = namedFormats.find((name) => name === text)
  if (kind !== undefined) return { kind }
  const { regex, flags, grok } = /^(?:regex:\/(?<regex>.+)\/(?<flags>\w*)|grok:(?<grok>.+))$/s.exec(text)?.groups ?? {}
  const source = grok === undefined ? regex : grokPattern(grok, text)
  if (source === undefined) throw badValue('parse', text, didYouMean(text, ['auto', ...namedFormats]))
  try {
    const pattern = new RegExp(source, flags)
    // With an alternative that always matches, so that the match tells the groups.
    const groups = Object.keys(new RegExp(`${source}|`, flags).exec('')?.groups ?? {})
    if (groups.length > 0) return { kind: 'regex', pattern, groups }
  } catch (error) {
    throw badValue('parse', text, `; ${messageOf(error)}`, error)
  }
  throw badValue('parse', text, '; it needs named groups, such as (?<time>\\S+) or %{NOTSPACE:time}, for the fields')
}
