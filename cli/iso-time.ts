import type { Zone } from './zone.ts'

/** Furthest time from the epoch, in ms, that has a date (ECMA-262, 21.4.1.1). */
const furthest = 8.64e15

/** Writes a time as ISO 8601 in UTC; as a plain number of ms where the calendar ends. */
export function isoTime(time: number): string {
  return Math.abs(time) <= furthest ? new Date(time).toISOString() : String(time)
}

/**
 * Makes the function that writes times as ISO 8601 in a zone: `2018-10-11T09:00:00.000+02:00`. It remembers the last two, which are those of
 * the next result if that has the same window.
 */
export function isoTimeIn(zone: Zone): (time: number) => string {
  const written = zone.isUtc ? isoTime : (time: number): string => isoTimeAside(time, zone)
  let last = { time: Number.NaN, text: '' }
  let other = last
  return (time) => {
    if (time !== last.time) {
      const before = last
      last = time === other.time ? other : { time, text: written(time) }
      other = before
    }
    return last.text
  }
}

/** With the offset of a zone that is not UTC. */
function isoTimeAside(time: number, zone: Zone): string {
  const shown = zone.shown(time)
  const text = isoTime(shown)
  return text.endsWith('Z') ? text.slice(0, -1) + offsetText(shown - time) : text
}

/** As `+02:00`, and with seconds where there are any, as before zones were invented. */
function offsetText(millis: number): string {
  const text = new Date(Math.abs(millis)).toISOString().slice(11, 19)
  return (millis < 0 ? '-' : '+') + (text.endsWith(':00') ? text.slice(0, 5) : text)
}
