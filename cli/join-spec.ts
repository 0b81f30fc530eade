import { basename, extname } from 'node:path'
import { toPositiveMillis } from '../lib/time.ts'
import { badValue } from './command-line.ts'
import { type KeyedFile, parseKeyedFile } from './key-pairs.ts'

/** A second log whose records are paired with those of the first. */
export interface JoinSpec extends KeyedFile {
  /** How far apart in event time two of a pair may be, ms. */
  readonly within: number
  /** Stands in front of the names of its fields. */
  readonly prefix: string
}

/** ms */
const usualWithin = 60_000

/**
 * Reads `FILE:KEYS[:WITHIN]`.
 *
 * @throws UsageError for what is none
 */
export function parseJoin(text: string | undefined): JoinSpec | undefined {
  if (text === undefined) return undefined
  if (text === '-' || text.startsWith('-:')) throw badValue('join', text, '; standard input is the first log')
  const [, start = text, duration] = /^(.+:[^:]+):(\d[^:]*)$/s.exec(text) ?? []
  const { path, keys } = parseKeyedFile('join', start, text)
  return { path, keys, within: duration === undefined ? usualWithin : millis(duration, text), prefix: prefixOf(path) }
}

function millis(duration: string, text: string): number {
  try {
    return toPositiveMillis(duration, 'join')
  } catch (error) {
    throw badValue('join', text, `; '${duration}' is no duration`, error)
  }
}

/** As a name in JavaScript: `payments_` for `logs/payments.log`. */
function prefixOf(path: string): string {
  const name = basename(path, '.gz')
  return `${name
    .slice(0, name.length - extname(name).length)
    .replaceAll(/\W/g, '_')
    .replace(/^(?=\d)/, '_')}_`
}
