import { TidemarkError } from '../lib/errors.ts'

const day = 86_400_000
const minute = 60_000

/**
 * The times at which the clocks of a time zone change in a year: where a day of `calendar` has 23 or 25 hours. Give them to `events`
 * as its `edges`, with a `span` around one of them.
 *
 * @param timeZone an IANA name
 * @returns epoch ms; none for a zone without summer time
 * @throws TidemarkError `invalid-argument` for a zone that is none
 * @example
 * ```ts
 * const edges = clockChanges('Europe/Berlin', 2018)
 * const hits = events({ value: fc.nat(9), span: '3d', around: edges[0] ?? 0, edges })
 * ```
 */
export function clockChanges(timeZone: string, year: number): readonly number[] {
  const offsetAt = offsets(timeZone)
  const changes: number[] = []
  for (let time = Date.UTC(year, 0); time < Date.UTC(year + 1, 0); time += day) {
    if (offsetAt(time) === offsetAt(time + day)) continue
    // The first minute that has the new offset.
    let [before, after] = [time, time + day]
    while (after - before > minute) {
      const middle = before + Math.floor((after - before) / 2 / minute) * minute
      if (offsetAt(middle) === offsetAt(time)) before = middle
      else after = middle
    }
    changes.push(after)
  }
  return changes
}

/** How a zone's clocks differ from UTC at a time, as text. */
function offsets(timeZone: string): (time: number) => string | undefined {
  try {
    const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
    return (time) => format.formatToParts(time).find(({ type }) => type === 'timeZoneName')?.value
  } catch (cause) {
    throw new TidemarkError('invalid-argument', `clockChanges: expected a time zone, got '${timeZone}'`, { cause })
  }
}
