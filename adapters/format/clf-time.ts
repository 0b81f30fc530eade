import { daysInMonth, epochDay, monthNames } from './civil.ts'
import { type Unparsable, unparsable } from './parser.ts'

/** Bytes of `10/Oct/2000:13:55:36 -0700`. */
export const clfTimeLength = 26

/** The refusal of bytes that don't look like a time at all. */
export const noClfTime: Unparsable = unparsable('time: expected [dd/Mon/yyyy:hh:mm:ss +hhmm] after the user')

/** Reads the times of one log, one after the other. */
export interface ClfTimeReader {
  /** Epoch ms of the time that begins at `at` and ends with a `]` before `end`; `NaN` if there is none. */
  read(bytes: Uint8Array, at: number, end: number): number
  /** Why the last `read` gave `NaN`. */
  refusal(): Unparsable
}

/**
 * Makes a reader of the common log format's time, `dd/Mon/yyyy:hh:mm:ss +hhmm` in square brackets, each number with exactly so
 * many digits. A leap second, `:60`, is the second after it, as in POSIX time. Holds the date and zone it read last, so that
 * the next line of the same day costs six digits.
 */
export function clfTimeReader(): ClfTimeReader {
  // The eighteen bytes of date and zone packed into integers, and the epoch ms of that day's local midnight.
  let date0 = 0
  let date1 = 0
  let date2 = 0
  let zone0 = 0
  // No pair of digits, so that nothing matches before the first date.
  let zone1 = -2
  let midnight = Number.NaN
  let refused = noClfTime

  function refuse(why: Unparsable): number {
    refused = why
    return Number.NaN
  }

  return {
    read(bytes, at, end) {
      if (at + clfTimeLength >= end || bytes[at + clfTimeLength] !== 93) return refuse(noClfTime)
      const d0 = fourBytes(bytes, at)
      const d1 = fourBytes(bytes, at + 4)
      const d2 = fourBytes(bytes, at + 8)
      const z0 = fourBytes(bytes, at + 20)
      const z1 = twoDigits(bytes, at + 24)
      if (d0 !== date0 || d1 !== date1 || d2 !== date2 || z0 !== zone0 || z1 !== zone1) {
        const read = readMidnight(bytes, at)
        if (typeof read !== 'number') return refuse(read)
        date0 = d0
        date1 = d1
        date2 = d2
        zone0 = z0
        zone1 = z1
        midnight = read
      }
      const hour = twoDigits(bytes, at + 12)
      const minute = twoDigits(bytes, at + 15)
      const second = twoDigits(bytes, at + 18)
      if (hour < 0 || minute < 0 || second < 0 || bytes[at + 14] !== 58 || bytes[at + 17] !== 58) return refuse(noClfTime)
      if (hour > 23) return refuse(unparsable(`time: no hour ${hour}`))
      if (minute > 59) return refuse(unparsable(`time: no minute ${minute}`))
      if (second > 60) return refuse(unparsable(`time: no second ${second}`))
      return midnight + (hour * 3600 + minute * 60 + second) * 1000
    },
    refusal: () => refused,
  }
}

function readMidnight(bytes: Uint8Array, at: number): number | Unparsable {
  const day = twoDigits(bytes, at)
  const century = twoDigits(bytes, at + 7)
  const ofCentury = twoDigits(bytes, at + 9)
  const zoneHour = twoDigits(bytes, at + 22)
  const zoneMinute = twoDigits(bytes, at + 24)
  const sign = bytes[at + 21]
  const shaped =
    day >= 0 && century >= 0 && ofCentury >= 0 && zoneHour >= 0 && zoneMinute >= 0 && (sign === 43 || sign === 45)
  if (!shaped || bytes[at + 2] !== 47 || bytes[at + 6] !== 47 || bytes[at + 11] !== 58 || bytes[at + 20] !== 32) {
    return noClfTime
  }
  const name = String.fromCharCode(...bytes.subarray(at + 3, at + 6))
  const month = monthNames.indexOf(name) + 1
  if (month === 0) return unparsable(`time: no such month '${name}'`)
  const year = century * 100 + ofCentury
  if (day < 1 || day > daysInMonth(year, month)) return unparsable(`time: no day ${day} in ${name} ${year}`)
  if (zoneHour > 23 || zoneMinute > 59) return unparsable(`time: no zone of ${zoneHour} h ${zoneMinute} min`)
  const offset = (zoneHour * 60 + zoneMinute) * 60_000
  return epochDay(year, month, day) * 86_400_000 + (sign === 45 ? offset : -offset)
}

function fourBytes(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)
  )
}

/** The number two ASCII digits write, -1 if they are none. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - 48
  const ones = (bytes[at + 1] ?? 0) - 48
  return tens >>> 0 > 9 || ones >>> 0 > 9 ? -1 : tens * 10 + ones
}
