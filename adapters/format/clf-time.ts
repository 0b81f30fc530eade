import { dateFault, epochDay, monthNames, offsetFault, timeFault } from './civil.ts'
import { type Unparsable, unparsable } from './parser.ts'

const space = 32
const plus = 43
const minus = 45
const slash = 47
const colon = 58
const closeBracket = 93

/** Bytes of `10/Oct/2000:13:55:36 -0700`. */
export const clfTimeLength = 26

/** The refusal of bytes that don't look like a time at all. */
export const noClfTime: Unparsable = unparsable('time: expected [dd/Mon/yyyy:hh:mm:ss +hhmm] after the user')

/** Reads the times of one log, one after the other. */
export interface ClfTimeReader {
  /** Epoch ms of the time that begins at `at` and ends with a `]` before `end`; `NaN` if there is none. */
  read(bytes: DataView, at: number, end: number): number
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
  // Beyond sixteen bits, so that nothing matches before the first date.
  let zone1 = 0x10000
  let midnight = Number.NaN
  let refused = noClfTime

  function refuse(why: Unparsable): number {
    refused = why
    return Number.NaN
  }

  return {
    read(bytes, at, end) {
      if (at + clfTimeLength >= end || bytes.getUint8(at + clfTimeLength) !== closeBracket) return refuse(noClfTime)
      const d0 = bytes.getInt32(at)
      const d1 = bytes.getInt32(at + 4)
      const d2 = bytes.getInt32(at + 8)
      const z0 = bytes.getInt32(at + 20)
      const z1 = bytes.getInt16(at + 24)
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
      const isShaped = hour >= 0 && minute >= 0 && second >= 0
      if (!isShaped || bytes.getUint8(at + 14) !== colon || bytes.getUint8(at + 17) !== colon) return refuse(noClfTime)
      if (hour > 23 || minute > 59 || second > 60) {
        return refuse(unparsable(`time: ${timeFault(hour, minute, second)}`))
      }
      return midnight + (hour * 3600 + minute * 60 + second) * 1000
    },
    refusal: () => refused,
  }
}

function readMidnight(bytes: DataView, at: number): number | Unparsable {
  const day = twoDigits(bytes, at)
  const century = twoDigits(bytes, at + 7)
  const ofCentury = twoDigits(bytes, at + 9)
  const zoneHour = twoDigits(bytes, at + 22)
  const zoneMinute = twoDigits(bytes, at + 24)
  const sign = bytes.getUint8(at + 21)
  const hasDigits = day >= 0 && century >= 0 && ofCentury >= 0 && zoneHour >= 0 && zoneMinute >= 0
  const hasMarks =
    bytes.getUint8(at + 2) === slash &&
    bytes.getUint8(at + 6) === slash &&
    bytes.getUint8(at + 11) === colon &&
    bytes.getUint8(at + 20) === space &&
    (sign === plus || sign === minus)
  if (!hasDigits || !hasMarks) return noClfTime
  const name = String.fromCharCode(bytes.getUint8(at + 3), bytes.getUint8(at + 4), bytes.getUint8(at + 5))
  const month = monthNames.indexOf(name) + 1
  if (month === 0) return unparsable(`time: no such month '${name}'`)
  const year = century * 100 + ofCentury
  const fault = dateFault(year, month, day) ?? offsetFault(zoneHour, zoneMinute)
  if (fault !== undefined) return unparsable(`time: ${fault}`)
  const offset = (zoneHour * 60 + zoneMinute) * 60_000
  return epochDay(year, month, day) * 86_400_000 + (sign === minus ? offset : -offset)
}

/** The number two ASCII digits write, -1 if they are none. */
function twoDigits(bytes: DataView, at: number): number {
  const tens = bytes.getUint8(at) - 48
  const ones = bytes.getUint8(at + 1) - 48
  return tens >>> 0 > 9 || ones >>> 0 > 9 ? -1 : tens * 10 + ones
}
