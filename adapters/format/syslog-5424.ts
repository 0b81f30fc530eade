import { parseInstant } from './instant.ts'
import { type Unparsable, unparsable } from './parser.ts'
import { structuredData } from './structured-data.ts'
import type { SyslogMessage } from './syslog-message.ts'

// Behind the priority: version, time, host, app, process, kind of message.
const head = /^(\d{1,2}) (\S+) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) /
const version = /^\d{1,2} /
const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)$/
const noHead = unparsable('expected time, host, app, process and kind of message behind the version')
const noData = unparsable('expected structured data, or a - in its place')

/**
 * Reads a message of RFC 5424 behind its priority; undefined if it is none.
 *
 * @see RFC 5424, section 6
 */
export function newerMessage(
  priority: number,
  text: string,
  now: () => number,
): SyslogMessage | Unparsable | undefined {
  if (!version.test(text)) return undefined
  const match = head.exec(text)
  if (match === null) return noHead
  const [whole, number, time = '', host, app, process, messageId] = match
  if (number !== '1') return unparsable(`no version ${number}`)
  const at = time === '-' ? now() : timestamp.test(time) ? parseInstant(time) : unparsable(`no time '${time}'`)
  if (typeof at !== 'number') return unparsable(`time: ${at.reason}`)
  const structured = structuredData(text, whole.length)
  if (structured === undefined) return noData
  const { data, end } = structured
  if (end < text.length && text[end] !== ' ') return noData
  return {
    facility: priority >> 3,
    severity: priority & 7,
    time: at,
    host: given(host),
    app: given(app),
    process: given(process),
    messageId: given(messageId),
    data,
    message: text.slice(text[end + 1] === '\ufeff' ? end + 2 : end + 1),
  }
}

function given(field: string | undefined): string | undefined {
  return field === '-' ? undefined : field
}
