import { dateFault, monthNames, timeFault } from './civil.ts'
import { parseInstant } from './instant.ts'
import type { LocalTimes } from './local-times.ts'
import { Unparsable, unparsable } from './parser.ts'
import type { SyslogMessage } from './syslog-message.ts'
import { yearless } from './yearless.ts'

// `Oct  1 22:14:15`; `Oct 11 2026 22:14:15`, as Cisco has it; some put a `:` or a zone behind.
const date = /^([A-Z][a-z]{2}) {1,2}(\d{1,2}) (?:(\d{4}) )?(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?: UTC)?:? /
const iso = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)) /
const tag = /^([^\s:[\]]{1,128})(?:\[([^\]\s]*)\])?:(?: |$)/
const host = /^([^\s:[\]]{1,255}|\[?[\da-fA-F:.]+\]?) /

/** Tells whether a line without a priority may be a message. */
export function startsWithTime(text: string): boolean {
  return date.test(text) || iso.test(text)
}

/**
 * Reads a message of the older format behind its priority. What does not begin with a time is a message as a whole.
 *
 * @see RFC 3164, sections 4 and 5
 */
export function olderMessage(
  priority: number,
  text: string,
  times: LocalTimes,
  now: () => number,
): SyslogMessage | Unparsable {
  const local = date.exec(text)
  const exact = local === null ? iso.exec(text) : null
  const time = local !== null ? dateTime(local, times, now) : exact === null ? now() : parseInstant(exact[1])
  if (time instanceof Unparsable) return unparsable(`time: ${time.reason}`)
  const head = local ?? exact
  const rest = text.slice(head?.[0].length ?? 0)
  // Without a time there is no telling a host from the first word.
  const from = head === null || tag.test(rest) ? null : host.exec(rest)
  const content = rest.slice(from?.[0].length ?? 0)
  const by = tag.exec(content)
  return {
    facility: priority >> 3,
    severity: priority & 7,
    time,
    host: from?.[1],
    app: by?.[1],
    process: by?.[2],
    messageId: undefined,
    data: undefined,
    message: content.slice(by?.[0].length ?? 0),
  }
}

function dateTime(match: RegExpExecArray, times: LocalTimes, now: () => number): number | Unparsable {
  const part = (index: number): number => Number(match[index] ?? 0)
  const month = monthNames.indexOf(match[1] ?? '') + 1
  const [day, hour, minute, second] = [part(2), part(4), part(5), part(6)]
  // A leap year, which is the year of a date without one that may exist at all.
  const year = match[3] === undefined ? 2000 : part(3)
  const fault =
    month === 0 ? `no such month '${match[1]}'` : (dateFault(year, month, day) ?? timeFault(hour, minute, second))
  if (fault !== undefined) return unparsable(fault)
  const ofDay = hour * 3_600 + minute * 60 + second
  const time = match[3] === undefined ? yearless(times, month, day, ofDay, now()) : times(year, month, day, ofDay)
  if (time === undefined) return unparsable('no Feb 29 in this year, the last or the next')
  return time + Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'))
}
