import { epochDay, isDate, noDigits, twoDigits } from './civil'
import { Column, rows, setNumber } from './columns'
import { quote } from './find'
import { isDigit } from './json-token'

/** Where the value of the last row is that is to be an instant and is written in another way; 0 if there is none. */
export let oddInstant: usize = 0
export let oddInstantEnd: usize = 0

export function clearOddInstant(): void {
  oddInstant = 0
}

// The date that was read last, `yyyy-mm-dd`, and the epoch ms of its midnight.
let date: u64 = 0
let dateEnd: u16 = 0
let midnight: f64 = NaN

/** Sets epoch ms from a value in JSON, or leaves it as odd. */
export function setInstant(column: Column, at: usize, end: usize): void {
  const millis = load<u8>(at) == quote ? fromText(at + 1, end - 1) : fromNumber(at, end)
  oddInstant = isNaN(millis) ? at : 0
  oddInstantEnd = end
  setNumber(column, millis)
}

/** From `yyyy-mm-ddThh:mm:ss`, perhaps a fraction, and `Z` or an offset; NaN for anything else. */
function fromText(at: usize, end: usize): f64 {
  if (end - at < 20) return NaN
  if (load<u64>(at) != date || load<u16>(at, 8) != dateEnd) readDate(at)
  const hour = twoDigits(at + 11)
  const minute = twoDigits(at + 14)
  const second = twoDigits(at + 17)
  const mark = load<u8>(at, 10)
  if (mark != 0x54 && mark != 0x20) return NaN // T or space
  if (hour > 23 || minute > 59 || second > 60 || load<u8>(at, 13) != 0x3a || load<u8>(at, 16) != 0x3a) return NaN
  const whole = midnight + <f64>((hour * 3600 + minute * 60 + second) * 1000)
  at += 19
  let millis = 0
  if (load<u8>(at) == 0x2e) {
    // What is finer than a millisecond is floored, so the digits behind the third count for nothing.
    let unit = 100
    const from = ++at
    for (let byte = load<u8>(at); isDigit(byte); byte = load<u8>(++at)) {
      millis += unit * (<i32>byte - 0x30)
      unit /= 10
    }
    if (at == from) return NaN
  }
  if (load<u8>(at) == 0x5a) return at + 1 == end ? whole + <f64>millis : NaN // Z
  return whole + <f64>millis - offsetAt(at, end)
}

/** Milliseconds of `+hh:mm` or `-hh:mm`, NaN if there is none. */
function offsetAt(at: usize, end: usize): f64 {
  const sign = load<u8>(at)
  const hours = twoDigits(at + 1)
  const minutes = twoDigits(at + 4)
  if (at + 6 != end || (sign != 0x2b && sign != 0x2d) || load<u8>(at, 3) != 0x3a) return NaN
  if (hours > 23 || minutes > 59) return NaN
  const offset = <f64>((hours * 60 + minutes) * 60_000)
  return sign == 0x2d ? -offset : offset
}

function readDate(at: usize): void {
  date = load<u64>(at)
  dateEnd = load<u16>(at, 8)
  midnight = NaN
  const century = twoDigits(at)
  const ofCentury = twoDigits(at + 2)
  const month = twoDigits(at + 5)
  const day = twoDigits(at + 8)
  if (century == noDigits || ofCentury == noDigits || load<u8>(at, 4) != 0x2d || load<u8>(at, 7) != 0x2d) return
  const year = century * 100 + ofCentury
  if (isDate(year, month, day)) midnight = <f64>epochDay(year, month, day) * 86_400_000
}

/** From a whole number of at most 15 digits, of seconds, milliseconds or microseconds as its size says. */
function fromNumber(at: usize, end: usize): f64 {
  const digits = <i32>(end - at)
  if (digits > 15) return NaN
  let number: u64 = 0
  for (; at < end; at++) {
    const byte = load<u8>(at)
    if (!isDigit(byte)) return NaN
    number = number * 10 + (byte - 0x30)
  }
  return digits <= 11 ? <f64>number * 1000 : digits <= 14 ? <f64>number : <f64>(number / 1000)
}
