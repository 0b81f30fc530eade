import { show } from '../../lib/errors.ts'
import { dateFault, epochDay, offsetFault, timeFault } from './civil.ts'
import { type Unparsable, unparsable } from './parser.ts'

const isoTime =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)? ?(?:[Zz]|([+-])(\d\d)(?::?(\d\d))?)?)?$/
const decimal = /^([+-]?)(\d+)(?:\.(\d*))?$/
const scientific = /^[+-]?\d+(?:\.\d*)?e[+-]?\d+$/i

/** The largest distance from 1970 that a `Date` can have: 100 million days. */
const maxMillis = 8_640_000_000_000_000

/**
 * Reads a point in time as epoch ms, from a text or a number; anything else is none. What is finer than a millisecond is
 * floored.
 *
 * - ISO 8601, `2015-07-29T17:41:44.747+02:00`: also with a space for the `T` and a comma for the point, without seconds or
 *   without time of day. Without a zone it is UTC. A leap second, `:60`, is the second after it.
 * - Numbers, and texts of digits, count from 1970-01-01T00:00Z, in units told by their size: seconds below 10^11 (the year
 *   5138), milliseconds below 10^14, microseconds below 10^17, nanoseconds from there on. Milliseconds before March 1973 are so
 *   taken for seconds.
 *
 * @returns epoch ms, or why it is no time
 */
export function parseInstant(value: unknown): number | Unparsable {
  if (typeof value === 'number') return fromNumber(value)
  if (typeof value !== 'string') return noTime(value)
  const usual = fromUsual(value)
  if (!Number.isNaN(usual)) return usual
  const text = value.trim()
  const iso = isoTime.exec(text)
  if (iso !== null) return fromIso(iso)
  const digits = decimal.exec(text)
  if (digits !== null) return fromDigits(text, digits)
  return scientific.test(text) ? fromNumber(Number(text)) : noTime(text)
}

/**
 * Reads `2015-07-29T17:41:44.747Z`, with or without the fraction, which is what most programs write, without a regular expression. NaN
 * for anything else, also for what has to be refused.
 */
function fromUsual(text: string): number {
  const { length } = text
  if ((length !== 24 && length !== 20) || text.charCodeAt(length - 1) !== 0x5a) return Number.NaN
  for (let at = 0; at < length - 1; at++) {
    const code = text.charCodeAt(at)
    const mark = marks.charCodeAt(at)
    if (mark === 0x30 ? code < 0x30 || code > 0x39 : code !== mark) return Number.NaN
  }
  const year = two(text, 0) * 100 + two(text, 2)
  const month = two(text, 5)
  const day = two(text, 8)
  const hour = two(text, 11)
  const minute = two(text, 14)
  const second = two(text, 17)
  if ((dateFault(year, month, day) ?? timeFault(hour, minute, second)) !== undefined) return Number.NaN
  const millis = length === 24 ? two(text, 20) * 10 + text.charCodeAt(22) - 0x30 : 0
  return (epochDay(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second) * 1_000 + millis
}

/** Where digits are, and what is between them. */
const marks = '0000-00-00T00:00:00.000'

function two(text: string, at: number): number {
  return text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 11 * 0x30
}

function noTime(value: unknown): Unparsable {
  return unparsable(`expected an ISO 8601 time or a number of s, ms, us or ns since 1970, got ${show(value)}`)
}

function fromIso(iso: RegExpExecArray): number | Unparsable {
  const part = (index: number): number => Number(iso[index] ?? 0)
  const [year, month, day] = [part(1), part(2), part(3)]
  const [hour, minute, second] = [part(4), part(5), part(6)]
  const [zoneHour, zoneMinute] = [part(9), part(10)]
  const fault = dateFault(year, month, day) ?? timeFault(hour, minute, second) ?? offsetFault(zoneHour, zoneMinute)
  if (fault !== undefined) return unparsable(`${fault} in ${show(iso[0])}`)
  const millis = Number((iso[7] ?? '').slice(0, 3).padEnd(3, '0'))
  const offset = (zoneHour * 60 + zoneMinute) * 60_000
  const seconds = epochDay(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second
  return seconds * 1_000 + millis - (iso[8] === '-' ? -offset : offset)
}

function fromNumber(value: number): number | Unparsable {
  // Numbers so small are written with an exponent; they are the ms at 0 or the one before it.
  if (Math.abs(value) < 1e-6) return Math.floor(value) + 0
  const text = String(value)
  const digits = decimal.exec(text)
  return digits === null ? noTime(value) : fromDigits(text, digits)
}

/** Moves the point in the text, because a number of nanoseconds or a fraction of seconds is not exact in binary. */
function fromDigits(text: string, [, sign, whole = '', fraction = '']: RegExpExecArray): number | Unparsable {
  const size = whole.replace(/^0+/, '').length
  const shift = size <= 11 ? 3 : size <= 14 ? 0 : size <= 17 ? -3 : -6
  const digits = whole + fraction
  const point = whole.length + shift
  const millis = Number(digits.slice(0, point).padEnd(point, '0'))
  if (millis > maxMillis) return unparsable(`beyond 100 million days from 1970, got ${show(text)}`)
  if (sign !== '-') return millis
  const isWhole = /^0*$/.test(digits.slice(point))
  return (isWhole ? 0 : -1) - millis
}
