import { dateFault, monthNames, timeFault } from './civil.ts'
import { type LocalTimes, localTimes } from './local-times.ts'
import { emptyLine, type Parser, type Unparsable, unparsable } from './parser.ts'

/** Options of `apacheError`. */
export interface ApacheErrorOptions {
  /** Of its times, which say none: `UTC` unless given, a name such as `Europe/Berlin`, or `+02:00`. */
  readonly zone?: string
}

/** A line of an error log. What it does not say is `undefined`. */
export interface ApacheError {
  /** Epoch ms. */
  readonly time: number
  /** The module that wrote it, such as `core`; not known before Apache 2.4. */
  readonly module: string | undefined
  /** Such as `error` or `notice`. */
  readonly level: string
  readonly process: string | undefined
  readonly thread: string | undefined
  /** Address of the client, without its port. */
  readonly client: string | undefined
  /** Number of the message, such as `AH00128`. */
  readonly code: string | undefined
  readonly message: string
}

/** The fields of `ApacheError`. */
export const apacheErrorFields: readonly (keyof ApacheError)[] = [
  'time',
  'module',
  'level',
  'process',
  'thread',
  'client',
  'code',
  'message',
]

const head = /^\[[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))? (\d{4})\] /
const levelPart = /^\[(?:([\w-]*):)?([a-z]+\d?)\] /
const processPart = /^\[pid (\d+)(?::tid (\d+))?\] /
const clientPart = /^\[(?:client|remote) (\[[^\]\s]+\]|[^\]\s]+?)(?::\d+)?\] /
const codePart = /^(AH\d{5}): /
const noHead = unparsable('no time such as [Sat Oct 11 22:14:15.003 2026] at the start')
const noLevel = unparsable('no level such as [core:error] behind the time')

/**
 * Parses lines of the error log of Apache's web server, as it writes them unless told otherwise: of 2.4
 * (`[Sat Oct 11 22:14:15.003000 2026] [core:error] [pid 7:tid 9] [client 192.0.2.1:5] AH00128: text`)
 * and of those before (`[Sat Oct 11 22:14:15 2026] [error] [client 192.0.2.1] text`). What is finer than a millisecond is floored.
 *
 * @throws TidemarkError `invalid-argument` for a zone that is not known
 * @see ErrorLogFormat of the Apache HTTP Server
 * @example
 * ```ts
 * lines('error.log').pipe(parse(apacheError({ zone: 'Europe/Berlin' })))
 * ```
 */
export function apacheError({ zone = 'UTC' }: ApacheErrorOptions = {}): Parser<ApacheError> {
  const times = localTimes(zone, 'apacheError')
  return {
    name: 'apache-error',
    parse({ text }) {
      const date = head.exec(text)
      if (date === null) return text.trim() === '' ? emptyLine : noHead
      const time = timeOf(date, times)
      if (typeof time !== 'number') return time
      let rest = text.slice(date[0].length)
      const take = (part: RegExp): RegExpExecArray | null => {
        const match = part.exec(rest)
        rest = rest.slice(match?.[0].length ?? 0)
        return match
      }
      const level = take(levelPart)
      if (level === null) return noLevel
      const process = take(processPart)
      const client = take(clientPart)
      const code = take(codePart)
      return {
        time,
        module: level[1] === '' ? undefined : level[1],
        level: level[2] ?? '',
        process: process?.[1],
        thread: process?.[2],
        client: client?.[1]?.replace(/^\[(.*)\]$/, '$1'),
        code: code?.[1],
        message: rest,
      }
    },
  }
}

function timeOf(date: RegExpExecArray, times: LocalTimes): number | Unparsable {
  const part = (index: number): number => Number(date[index])
  const month = monthNames.indexOf(date[1] ?? '') + 1
  const [day, hour, minute, second, year] = [part(2), part(3), part(4), part(5), part(7)]
  const fault =
    month === 0 ? `no such month '${date[1]}'` : (dateFault(year, month, day) ?? timeFault(hour, minute, second))
  if (fault !== undefined) return unparsable(`time: ${fault}`)
  const millis = Number((date[6] ?? '').slice(0, 3).padEnd(3, '0'))
  return times(year, month, day, hour * 3_600 + minute * 60 + second) + millis
}
