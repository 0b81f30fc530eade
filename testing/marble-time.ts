import { formatDuration, toMillis } from '../lib/time.ts'
import type { MarbleReader } from './marble-reader.ts'
import type { MarbleTimes, TimeStyle } from './marbles.ts'

/** Most telling first: the first of them that occurs in a diagram is the style of the whole. */
const forms: readonly (readonly [TimeStyle, RegExp])[] = [
  ['time-of-day', /-?\d{2,}:[0-5]\d(?::[0-5]\d(?:\.\d{3})?)?/y],
  ['duration', /-?(?:\d+(?:\.\d+)?(?:ms|[smhdw]))+/y],
  ['ms', /-?\d+/y],
]
const rank = forms.map(([style]) => style)

/** Reads a time, in ms, and notes in which style it is written. */
export function readTime(reader: MarbleReader, of: keyof MarbleTimes): number {
  const from = reader.at
  for (const [style, form] of forms) {
    const text = reader.take(form)
    if (text === undefined) continue
    const time = millisOf(text, style, reader.where(from))
    if (!Number.isSafeInteger(time)) throw reader.error('a time that fits whole milliseconds', from)
    if (rank.indexOf(style) < rank.indexOf(reader.times[of])) reader.times[of] = style
    return time + 0 // -0 becomes 0
  }
  throw reader.error('a time (5, 90s or 12:00:26)')
}

/** Reads a window's bound: a time, `-inf` or `inf`. */
export function readBound(reader: MarbleReader): number {
  const infinite = reader.take(/-?inf/y)
  if (infinite === undefined) return readTime(reader, 'event')
  return infinite === 'inf' ? Infinity : -Infinity
}

/** Writes a time, in ms, as `readTime` and `readBound` read it. */
export function printTime(time: number, style: TimeStyle): string {
  if (Math.abs(time) === Infinity) return time > 0 ? 'inf' : '-inf'
  if (style === 'time-of-day') return printTimeOfDay(time)
  return style === 'duration' && time !== 0 ? formatDuration(time) : String(time)
}

function millisOf(text: string, style: TimeStyle, who: string): number {
  if (style === 'ms') return Number(text)
  if (style === 'duration') return toMillis(text, who)
  const [hours = '', minutes = '', seconds = '0'] = text.replace(/^-/, '').split(':')
  const millis = Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Math.round(Number(seconds) * 1_000)
  return text.startsWith('-') ? -millis : millis
}

/** `hh:mm`, with `:ss` and `.mmm` only where they say something; hours go on beyond 23. */
function printTimeOfDay(time: number): string {
  const rest = Math.abs(time)
  const digits = (count: number, width = 2): string => String(count).padStart(width, '0')
  let text = `${time < 0 ? '-' : ''}${digits(Math.floor(rest / 3_600_000))}:${digits(Math.floor(rest / 60_000) % 60)}`
  if (rest % 60_000 > 0) text += `:${digits(Math.floor(rest / 1_000) % 60)}`
  return rest % 1_000 > 0 ? `${text}.${digits(rest % 1_000, 3)}` : text
}
