import { parseInstant } from '../adapters/format/instant.ts'
import type { Fields } from './field.ts'
import type { TimeSpec } from './time-spec.ts'

/** What fields with the event time are called, the likelier first. */
const usualNames = [
  'time',
  'timestamp',
  '@timestamp',
  'ts',
  'datetime',
  'date',
  'at',
  't',
  'event_time',
  'eventTime',
  'created_at',
  'createdAt',
  '_time',
  '@t',
]

/** Finds the field with the event time by its name and what is in it; in the first record that has one. */
export function guessTime(records: readonly Fields[]): TimeSpec | undefined {
  for (const record of records) {
    const names = Object.keys(record)
    for (const usual of usualNames) {
      const field = names.find((name) => name.toLowerCase() === usual.toLowerCase())
      if (field !== undefined && typeof parseInstant(record[field]) === 'number') return { field }
    }
  }
  return undefined
}

/** Says how the times of a field are written: `ISO 8601`, or the unit that their size tells. */
export function timeKind(records: readonly Fields[], field: string): string | undefined {
  const value = records.map((record) => record[field]).find((each) => typeof parseInstant(each) === 'number')
  if (value === undefined) return undefined
  const [, whole] = /^\s*[+-]?0*(\d+)(?:\.\d*)?\s*$/.exec(`${value as string | number}`) ?? []
  if (whole === undefined) return 'ISO 8601'
  const unit = whole.length <= 11 ? 's' : whole.length <= 14 ? 'ms' : whole.length <= 17 ? 'us' : 'ns'
  return `${unit} since 1970`
}
