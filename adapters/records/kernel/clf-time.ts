import { epochDay, isDate, noDigits, twoDigits } from './civil'

/** Bytes of `10/Oct/2000:13:55:36 -0700`. */
export const clfTimeLength: usize = 26

// The bytes of date and zone that were read last, and the epoch ms of that day's local midnight.
let date: u64 = 0
let year: u32 = 0
let zone: u32 = 0
let zoneEnd: u16 = 0
let midnight: f64 = NaN

/** Epoch ms of a time of the common log format, NaN for what is none or does not exist. */
export function clfTime(at: usize): f64 {
  if (load<u64>(at) != date || load<u32>(at, 8) != year || load<u32>(at, 20) != zone || load<u16>(at, 24) != zoneEnd) {
    readMidnight(at)
  }
  const hour = twoDigits(at + 12)
  const minute = twoDigits(at + 15)
  const second = twoDigits(at + 18)
  if (hour > 23 || minute > 59 || second > 60 || load<u8>(at, 14) != 0x3a || load<u8>(at, 17) != 0x3a) return NaN
  return midnight + <f64>((hour * 3600 + minute * 60 + second) * 1000)
}

function readMidnight(at: usize): void {
  date = load<u64>(at)
  year = load<u32>(at, 8)
  zone = load<u32>(at, 20)
  zoneEnd = load<u16>(at, 24)
  midnight = NaN
  const day = twoDigits(at)
  const century = twoDigits(at + 7)
  const ofCentury = twoDigits(at + 9)
  const zoneHour = twoDigits(at + 22)
  const zoneMinute = twoDigits(at + 24)
  const sign = load<u8>(at, 21)
  const hasMarks =
    load<u8>(at, 2) == 0x2f && // slash
    load<u8>(at, 6) == 0x2f &&
    load<u8>(at, 11) == 0x3a && // colon
    load<u8>(at, 20) == 0x20 &&
    (sign == 0x2b || sign == 0x2d) // plus or minus
  if (!hasMarks || century == noDigits || ofCentury == noDigits || zoneHour > 23 || zoneMinute > 59) return
  const month = monthOf((<u32>load<u8>(at, 3)) | ((<u32>load<u8>(at, 4)) << 8) | ((<u32>load<u8>(at, 5)) << 16))
  if (!isDate(century * 100 + ofCentury, month, day)) return
  const offset = <f64>((zoneHour * 60 + zoneMinute) * 60_000)
  midnight = <f64>epochDay(century * 100 + ofCentury, month, day) * 86_400_000 + (sign == 0x2d ? offset : -offset)
}

/** The number of a month, whose three letters are the lower bytes; 0 if it is none. */
function monthOf(letters: u32): i32 {
  switch (letters) {
    case 0x6e614a:
      return 1
    case 0x626546:
      return 2
    case 0x72614d:
      return 3
    case 0x727041:
      return 4
    case 0x79614d:
      return 5
    case 0x6e754a:
      return 6
    case 0x6c754a:
      return 7
    case 0x677541:
      return 8
    case 0x706553:
      return 9
    case 0x74634f:
      return 10
    case 0x766f4e:
      return 11
    case 0x636544:
      return 12
    default:
      return 0
  }
}
