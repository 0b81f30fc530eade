/** Tells a value of two digits that was none. */
export const noDigits: i32 = 0x7fffffff

/** The number that two ASCII digits write, `noDigits` if they are none. */
export function twoDigits(at: usize): i32 {
  const tens = <u32>load<u8>(at) - 0x30
  const ones = <u32>load<u8>(at, 1) - 0x30
  return tens > 9 || ones > 9 ? noDigits : <i32>(tens * 10 + ones)
}

/** Whether there is such a date; month and day from 1. */
export function isDate(year: i32, month: i32, day: i32): bool {
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
}

/** Days from 1970-01-01 to a date from year 0 on. */
export function epochDay(year: i32, month: i32, day: i32): i32 {
  // Years from March, so that a leap day is the last; 400 years later, so that none is negative.
  const from = year + 400 - (month <= 2 ? 1 : 0)
  const dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
  return 365 * from + from / 4 - from / 100 + from / 400 + dayOfYear - 719_468 - 146_097
}

function daysInMonth(year: i32, month: i32): i32 {
  if (month == 2) return isLeap(year) ? 29 : 28
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
}

function isLeap(year: i32): bool {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}
