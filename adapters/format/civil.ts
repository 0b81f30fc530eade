const daysBefore: readonly number[] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]

/** The three-letter names of the months in logs, January first. */
export const monthNames: readonly string[] = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/**
 * Days from 1970-01-01 to a date of the proleptic Gregorian calendar, year 0 to 9999, that is known to exist. `Date.UTC` would
 * take the years 0 to 99 for 1900 to 1999.
 */
export function epochDay(year: number, month: number, day: number): number {
  const before = year - 1
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400)
  const leapDay = month > 2 && isLeap(year) ? 1 : 0
  return 365 * before + leapDays + (daysBefore[month - 1] ?? 0) + leapDay + day - 719_163
}

/** Says what is wrong with a date (month from 1), `undefined` if it exists. */
export function dateFault(year: number, month: number, day: number): string | undefined {
  const name = monthNames[month - 1]
  if (name === undefined) return `no month ${month}`
  return day < 1 || day > daysInMonth(year, month) ? `no day ${day} in ${name} ${year}` : undefined
}

/** Says what is wrong with a time of day, `undefined` if it exists. There is a second 60, for leap seconds. */
export function timeFault(hour: number, minute: number, second: number): string | undefined {
  if (hour > 23) return `no hour ${hour}`
  if (minute > 59) return `no minute ${minute}`
  return second > 60 ? `no second ${second}` : undefined
}

/** Says what is wrong with an offset from UTC, `undefined` if it may be one. */
export function offsetFault(hours: number, minutes: number): string | undefined {
  return hours > 23 || minutes > 59 ? `no offset of ${hours} h ${minutes} min` : undefined
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}
