import type { CombinedHit } from '../adapters/format/hit.ts'
import { noRecord, type Parser, unparsable, Unparsable } from '../adapters/format/parser.ts'
import { badValue } from './command-line.ts'
import type { Config } from './config.ts'
import { didYouMean } from './did-you-mean.ts'
import { type Fields, isFields } from './field.ts'
import { UsageError } from './usage-error.ts'

/** How lines become records with a time. */
export interface Format {
  /** Makes a parser, one for each source. */
  parser(): Parser<Fields>
  readonly times: Times
}

/** Finds the event time of records. */
export interface Times {
  /** Epoch ms; NaN for a record that has no time. */
  of(record: Fields): number
  /** Why it has none. */
  reason(record: Fields): string
}

/**
 * Loads the format asked for, and no other.
 *
 * @throws UsageError for a field that records of the format don't have, if that is known by now
 */
export async function loadFormat(config: Config): Promise<Format> {
  const { format } = config
  switch (format.kind) {
    case 'combined': {
      const { combined, combinedFields } = await import('../adapters/format/combined.ts')
      const fields = accessLogFields(config, combinedFields)
      return { parser: () => combined({ fields }), times: accessLogTimes }
    }
    case 'common': {
      const { common, commonFields } = await import('../adapters/format/common.ts')
      const fields = accessLogFields(config, commonFields)
      return { parser: () => common({ fields }), times: accessLogTimes }
    }
    case 'json': {
      const { json } = await import('../adapters/format/json.ts')
      return { parser: () => objects(json()), times: await timesOf(config) }
    }
    case 'logfmt': {
      const { logfmt } = await import('../adapters/format/logfmt.ts')
      return { parser: logfmt, times: await timesOf(config) }
    }
    case 'csv': {
      const { csv } = await import('../adapters/format/csv.ts')
      return { parser: () => withHeader(csv(), config), times: await timesOf(config) }
    }
    case 'tsv': {
      const { tsv } = await import('../adapters/format/tsv.ts')
      return { parser: () => withHeader(tsv(), config), times: await timesOf(config) }
    }
    case 'regex': {
      const { regex } = await import('../adapters/format/regex.ts')
      checkFields(config, format.groups)
      return { parser: () => regex(format.pattern), times: await timesOf(config) }
    }
  }
}

function accessLogFields<F extends keyof CombinedHit>(config: Config, known: readonly F[]): readonly F[] {
  checkFields(config, known)
  if (config.time !== 'time') throw badValue('time', config.time, "; in access logs that is 'time'")
  const used = new Set<string | undefined>(['time', ...config.by, ...config.aggregates.map(({ field }) => field)])
  // The fewer the faster, but of late events all are shown.
  return config.late === undefined ? known.filter((field) => used.has(field)) : known
}

const accessLogTimes: Times = {
  of: ({ time }) => (typeof time === 'number' ? time : Number.NaN),
  reason: () => 'time: expected a number',
}

async function timesOf({ time: name }: Config): Promise<Times> {
  const { parseInstant } = await import('../adapters/format/instant.ts')
  const instantOf = (record: Fields): number | Unparsable => {
    const value = record[name]
    if (value === undefined || value === null) return unparsable('expected a time, got nothing')
    return parseInstant(typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value))
  }
  return {
    of(record) {
      const instant = instantOf(record)
      return typeof instant === 'number' ? instant : Number.NaN
    },
    reason(record) {
      const instant = instantOf(record)
      return typeof instant === 'number' ? '' : `${name}: ${instant.reason}`
    },
  }
}

const noObject = unparsable('JSON: expected an object')

/** Lets pass what has fields. */
function objects(parser: Parser<unknown>): Parser<Fields> {
  return {
    name: parser.name,
    parse(line) {
      const value = parser.parse(line)
      return value === noRecord || isFields(value) ? value : noObject
    },
  }
}

/** Looks at the first record, because that is when the names of the columns are known. */
function withHeader(parser: Parser<Fields>, config: Config): Parser<Fields> {
  let isChecked = false
  return {
    name: parser.name,
    parse(line) {
      const record = parser.parse(line)
      if (!isChecked && record !== noRecord && !(record instanceof Unparsable)) {
        checkFields(config, Object.keys(record))
        isChecked = true
      }
      return record
    },
  }
}

/** Refuses fields that are not among those of the format. */
function checkFields({ by, aggregates, time }: Config, known: readonly string[]): void {
  const check = (flag: string, field: string | undefined): void => {
    if (field === undefined || known.includes(field)) return
    const fields = known.join(' ')
    throw new UsageError(`--${flag}: expected a field among ${fields}, got '${field}'${didYouMean(field, known)}`)
  }
  check('time', time)
  for (const field of by) check('by', field)
  for (const { field } of aggregates) check('agg', field)
}
