import { show, TidemarkError } from '../../lib/errors.ts'
import { localTimes } from './local-times.ts'
import { emptyLine, type Parser, unparsable } from './parser.ts'
import { olderMessage, startsWithTime } from './syslog-3164.ts'
import { newerMessage } from './syslog-5424.ts'
import type { SyslogMessage } from './syslog-message.ts'

/** Options of `syslog`. */
export interface SyslogOptions {
  /** Of times without a zone, which those of the older format are: `UTC` unless given, a name such as `Europe/Berlin`, or `+02:00`. */
  readonly zone?: string
  /**
   * The present, epoch ms: the time of messages that have none, and what the year of those without one is guessed by. `Date.now` unless
   * given. For an old file say when it ends.
   */
  readonly now?: () => number
}

const priority = /^<(\d{1,3})>/
/** Of messages without one: a notice of a user's process. */
const defaultPriority = 13
const noPriority = unparsable('neither a priority such as <13> nor a time at the start')
const highPriority = unparsable('priority: beyond 191')

/**
 * Parses messages of syslog, of RFC 5424 (`<13>1 2026-10-11T22:14:15.003Z host app 42 ID - text`) and of the older format of RFC 3164
 * (`<13>Oct 11 22:14:15 host app[42]: text`), each told by its looks.
 *
 * - A time without a year is that of last, this or next year which is nearest to now.
 * - The older format was written down from what was seen, and is read as leniently: with a year behind the date, with an ISO 8601 time, without a
 *   host, without an app; and what does not begin with a time at all is a message of now. Without a priority, as in files, a
 *   line must begin with a time, and is a notice of a user's process.
 * - What is finer than a millisecond is floored. A leap second, `:60`, is the second after it.
 * - A byte order mark before a message is dropped, and bytes that are no UTF-8 become U+FFFD.
 *
 * @throws TidemarkError `invalid-argument` for a zone that is not known
 * @see RFC 5424, RFC 3164
 * @example
 * ```ts
 * listen({ port: 6514 }, { framing: octetCounting() }).pipe(
 *   parse(syslog({ zone: 'Europe/Berlin' })),
 *   assignTimestamps((message) => message.time, boundedOutOfOrderness('10s')),
 * )
 * ```
 */
export function syslog({ zone = 'UTC', now = Date.now }: SyslogOptions = {}): Parser<SyslogMessage> {
  if (typeof now !== 'function') {
    throw new TidemarkError('invalid-argument', `syslog: expected a function as now, got ${show(now)}`)
  }
  const times = localTimes(zone, 'syslog')
  return {
    name: 'syslog',
    parse({ text }) {
      const match = priority.exec(text)
      if (match === null && text.trim() === '') return emptyLine
      if (match === null && !startsWithTime(text)) return noPriority
      const number = match === null ? defaultPriority : Number(match[1])
      if (number > 191) return highPriority
      const rest = match === null ? text : text.slice(match[0].length)
      return newerMessage(number, rest, now) ?? olderMessage(number, rest, times, now)
    },
  }
}
