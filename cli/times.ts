import { parseInstant } from '../adapters/format/instant.ts'
import { type Unparsable, unparsable } from '../adapters/format/parser.ts'
import { messageOf, show } from '../lib/errors.ts'
import { badValue } from './command-line.ts'
import type { Fields } from './field.ts'
import type { TimeSpec } from './time-spec.ts'
import type { Zone } from './zone.ts'

/** Finds the event time of records. */
export interface Times {
  /** Epoch ms; NaN for a record that has no time. */
  of(record: Fields): number
  /** Why it has none. */
  reason(record: Fields): string
}

/** The times of access logs, whose parser has read them. */
export const accessLogTimes: Times = {
  of: ({ time }) => (typeof time === 'number' ? time : Number.NaN),
  reason: () => 'time: expected a number',
}

/**
 * Loads what reads the field with the time.
 *
 * @throws UsageError for a pattern that is none
 */
export async function loadTimes(spec: TimeSpec, zone: Zone, year: number | undefined): Promise<Times> {
  const { field } = spec
  const instantOfValue = await loadReader(spec, zone, year)
  const instantOf = (record: Fields): number | Unparsable => {
    const value = record[field]
    if (value === undefined || value === null) return unparsable('expected a time, got nothing')
    return instantOfValue(typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value))
  }
  return {
    of(record) {
      const instant = instantOf(record)
      return typeof instant === 'number' ? instant : Number.NaN
    },
    reason(record) {
      const instant = instantOf(record)
      return typeof instant === 'number' ? '' : `${field}: ${instant.reason}`
    },
  }
}

type Reader = (value: string | number) => number | Unparsable

async function loadReader({ field, format }: TimeSpec, zone: Zone, year: number | undefined): Promise<Reader> {
  if (format === undefined) return toInstants(zone)
  if (format === 'iso') {
    const instant = toInstants(zone)
    return (value) =>
      isoDate.test(String(value)) ? instant(value) : unparsable(`expected ISO 8601, got ${show(value)}`)
  }
  const size = unitSizes[format]
  if (size !== undefined)
    return (value) => counted(value, size) ?? unparsable(`expected ${format} since 1970, got ${show(value)}`)
  const { strptime } = await import('./strptime.ts')
  try {
    const read = strptime(format, zone, year)
    return (value) => read(String(value))
  } catch (error) {
    throw badValue('time', `${field}:${format}`, `; ${messageOf(error)}`, error)
  }
}

const isoDate = /^\s*\d{4}-\d\d-\d\d/

/** A date and time of day of ISO 8601 that names no zone. */
const withoutZone = /^\s*\d{4}-\d\d-\d\d(?:[Tt ][\d:.,]+)?\s*$/

function toInstants(zone: Zone): Reader {
  if (zone.isUtc) return parseInstant
  return (value) => {
    const instant = parseInstant(value)
    return typeof instant === 'number' && withoutZone.test(String(value)) ? zone.time(instant) : instant
  }
}

/** A thousandth of a unit, in how many of which there is a millisecond. */
const unitSizes: Readonly<Record<string, bigint>> = { s: 1n, ms: 1_000n, us: 1_000_000n, ns: 1_000_000_000n }

/** Exactly, because a number of nanoseconds is not exact in binary. */
function counted(value: string | number, thousandths: bigint): number | undefined {
  const {
    sign = '',
    whole,
    fraction = '',
  } = /^(?<sign>[+-]?)(?<whole>\d+)(?:\.(?<fraction>\d*))?$/.exec(String(value).trim())?.groups ?? {}
  if (whole === undefined) return undefined
  const count = BigInt(whole + fraction.slice(0, 3).padEnd(3, '0')) * (sign === '-' ? -1n : 1n)
  // Floored, also before 1970.
  const millis = (count - (((count % thousandths) + thousandths) % thousandths)) / thousandths
  return Number(millis)
}
