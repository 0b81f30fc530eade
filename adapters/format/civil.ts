const cumulated: readonly number[] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]

/** The three-letter names of the months as logs write them, January first. */
export const monthNames: readonly string[] = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** Length of a month (1 to 12) of the proleptic Gregorian calendar, in days. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/**
 * Days from 1970-01-01 to a valid date of the proleptic Gregorian calendar (year >= 0, month 1 to 12). `Date.UTC` would take
 * the years 0 to 99 for 1900 to 1999.
 */
export function epochDay(year: number, month: number, day: number): number {
  const before = year - 1
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400)
  const leapDay = month > 2 && isLeap(year) ? 1 : 0
  return 365 * before + leapDays + (cumulated[month - 1] ?? 0) + leapDay + day - 719_163
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}
