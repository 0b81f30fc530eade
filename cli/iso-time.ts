/** Furthest time from the epoch, in ms, that has a date (ECMA-262, 21.4.1.1). */
const furthest = 8.64e15

/** Writes a time as ISO 8601 in UTC; as a plain number of ms where the calendar ends. */
export function isoTime(time: number): string {
  return Math.abs(time) <= furthest ? new Date(time).toISOString() : String(time)
}
