import { event, idle, watermark, type Diff } from '../lib/element.ts'
import type { Timing } from '../lib/window.ts'
import type { MarbleReader } from './marble-reader.ts'
import { printTime, readBound, readTime } from './marble-time.ts'
import { printValue, readScalar, readText, readValue } from './marble-value.ts'
import type { EventMarble, Marble, MarbleTimes, PaneMarble } from './marbles.ts'

const marks: Readonly<Record<Timing, string>> = { early: '?', 'on-time': '', late: '!' }

/** Reads one token. */
export function readMarble(reader: MarbleReader): Marble {
  if (reader.take(/~/y)) return watermark(readTime(reader, 'event'))
  if (reader.take(/!/y)) return { kind: 'clock', time: readTime(reader, 'processing') }
  if (reader.take(/\|/y)) return { kind: 'end' }
  if (reader.take(/#/y)) return { kind: 'error', message: readText(reader) }
  if (reader.take(/idle(?![^\s&])/y)) return idle
  if (!reader.take(/L\(/y)) return readEvent(reader)
  const late = readEvent(reader)
  if (!reader.take(/\)/y)) throw reader.error(') behind a late event')
  return { kind: 'late', event: late }
}

/** Writes one token as `readMarble` reads it. */
export function printMarble(marble: Marble, times: MarbleTimes): string {
  switch (marble.kind) {
    case 'event':
    case 'pane':
      return printEvent(marble, times)
    case 'late':
      return `L(${printEvent(marble.event, times)})`
    case 'watermark':
      return `~${printTime(marble.time, times.event)}`
    case 'clock':
      return `!${printTime(marble.time, times.processing)}`
    case 'idle':
      return 'idle'
    case 'end':
      return '|'
    case 'error':
      return marble.message === undefined ? '#' : `#${printValue(marble.message)}`
  }
}

function readEvent(reader: MarbleReader): EventMarble | PaneMarble {
  const diff: Diff = reader.take(/[+-]/y) === '-' ? -1 : 1
  const key = readKey(reader)
  // A JSON array may start alike, but none has a bound, a comma, a bound and a round bracket.
  if (reader.take(/\[(?=[^\][(){}"]*\))/y)) return readPane(reader, key, diff)
  const from = reader.at
  const value = readValue(reader, 'a token (a@3, x:5@3, [0,5)=2, L(a@3), ~5, !10s, idle, | or #)')
  if (!reader.take(/@/y)) throw reader.error(`@ and a time behind ${reader.text.slice(from, reader.at)}`)
  return event(value, readTime(reader, 'event'), key, diff)
}

function readPane(reader: MarbleReader, key: unknown, diff: Diff): PaneMarble {
  const start = readBound(reader)
  if (!reader.take(/,/y)) throw reader.error(', and the end of the window')
  const from = reader.at
  const end = readBound(reader)
  if (end <= start) throw reader.error('an end that lies behind the start', from)
  if (!reader.take(/\)=/y)) throw reader.error(')= and the value of the window')
  const value = readValue(reader, 'a value (a, 5, "a b" or JSON)')
  const time = reader.take(/@/y) ? readTime(reader, 'event') : end - 1
  const mark = reader.take(/[?!]/y)
  const timing: Timing = mark === undefined ? 'on-time' : mark === '?' ? 'early' : 'late'
  return { kind: 'pane', value, time, key, diff, window: { start, end }, timing }
}

function readKey(reader: MarbleReader): unknown {
  const from = reader.at
  const key = readScalar(reader)
  if (key !== undefined && reader.take(/:/y)) return key.value
  reader.at = from
  return undefined
}

function printEvent(marble: EventMarble | PaneMarble, times: MarbleTimes): string {
  const time = `@${printTime(marble.time, times.event)}`
  let text = marble.key === undefined ? '' : `${printValue(marble.key)}:`
  if (marble.kind === 'event') text += printValue(marble.value) + time
  else {
    const { start, end } = marble.window
    text += `[${printTime(start, times.event)},${printTime(end, times.event)})=${printValue(marble.value)}`
    text += `${marble.time === end - 1 ? '' : time}${marks[marble.timing]}`
  }
  if (marble.diff === -1) return `-${text}`
  // -5@3 takes back a 5; +-5@3 inserts a -5.
  return text.startsWith('-') ? `+${text}` : text
}
