import type { CombinedHit } from '../adapters/format/hit.ts'
import { jsonScan } from '../adapters/format/json-scan.ts'
import { json } from '../adapters/format/json.ts'
import { noRecord, type Parser, type ParserRecipe, unparsable, Unparsable } from '../adapters/format/parser.ts'
import { badValue } from './command-line.ts'
import type { Config } from './config.ts'
import { computedFields, fieldsRead } from './derivation.ts'
import { didYouMean } from './did-you-mean.ts'
import { type Fields, isFields } from './field.ts'
import type { FormatSpec } from './format-spec.ts'
import { UsageError } from './usage-error.ts'
import { toZone } from './zone.ts'

/** How lines become records. */
export interface Format {
  /** Makes a parser, one for each source. */
  readonly parser: () => Parser<Fields>
  /** The same for records of which nothing is read but these fields, where that is faster. */
  readonly only?: (fields: readonly string[], time: string) => Format
  /** Whether the parser reads the times, too. */
  readonly hasTimes: boolean
  /** Makes columns of the records, in which the time is an instant as `parseInstant` reads it. */
  readonly columns?: ParserRecipe | undefined
}

/**
 * Makes a format. All but JSON is not loaded before it is used.
 *
 * @throws UsageError for a field that records of the format don't have, if that is known by now
 */
export async function loadFormat(format: FormatSpec, config: Config): Promise<Format> {
  switch (format.kind) {
    case 'combined': {
      const { combined, combinedFields } = await import('./parsers.ts')
      const fields = accessLogFields(config, combinedFields)
      return { parser: () => combined({ fields }), hasTimes: true }
    }
    case 'common': {
      const { common, commonFields } = await import('./parsers.ts')
      const fields = accessLogFields(config, commonFields)
      return { parser: () => common({ fields }), hasTimes: true }
    }
    case 'json':
      return { parser: () => objects(json()), only: jsonFields, hasTimes: false }
    case 'logfmt': {
      const { logfmt } = await import('./parsers.ts')
      return { parser: logfmt, hasTimes: false }
    }
    case 'csv': {
      const { csv } = await import('./parsers.ts')
      return { parser: () => withHeader(csv(), config), hasTimes: false }
    }
    case 'tsv': {
      const { tsv } = await import('./parsers.ts')
      return { parser: () => withHeader(tsv(), config), hasTimes: false }
    }
    case 'syslog': {
      const { syslog } = await import('./parsers.ts')
      checkOwnTime(config)
      checkFields(config, syslogFields)
      const { zone, year } = config
      const options = year === undefined ? { zone } : { zone, now: () => middle(year, zone) }
      return { parser: () => recordsOf(syslog(options)), hasTimes: true }
    }
    case 'apache-error': {
      const { apacheError, apacheErrorFields } = await import('./parsers.ts')
      checkOwnTime(config)
      checkFields(config, apacheErrorFields)
      return { parser: () => recordsOf(apacheError(config)), hasTimes: true }
    }
    case 'regex': {
      const { regex } = await import('./parsers.ts')
      checkFields(config, format.groups)
      return { parser: () => regex(format.pattern), hasTimes: false }
    }
  }
}

function accessLogFields<F extends keyof CombinedHit>(config: Config, known: readonly F[]): readonly F[] {
  checkFields(config, known)
  checkOwnTime(config)
  const read = fieldsRead(config.derivations)
  // The fewer the faster, but of late events all are shown, and of those that are joined any may be asked for.
  if (config.late !== undefined || config.join !== undefined || read === undefined) return known
  const used = new Set<string | undefined>([
    'time',
    ...read,
    ...config.by,
    ...config.aggregates.map(({ field }) => field),
    ...config.lookups.flatMap(({ keys }) => keys.map((key) => key.field)),
    config.dedup?.field,
  ])
  return known.filter((field) => used.has(field))
}

/** Of all years' days, those of this year are the nearest to it. */
function middle(year: number, zone: string): number {
  const { time } = toZone(zone)
  return (time(Date.UTC(year, 0, 1)) + time(Date.UTC(year + 1, 0, 1))) / 2
}

const syslogFields = ['facility', 'severity', 'time', 'host', 'app', 'process', 'messageId', 'data', 'message']

/** Its records are as any others. */
function recordsOf(parser: Parser<object>): Parser<Fields> {
  return parser as Parser<Fields>
}

/** The parser has read the time. */
function checkOwnTime({ time = { field: 'time' }, derivations }: Config): void {
  const isOwn = time.field === 'time' && time.format === undefined
  if (isOwn || computedFields(derivations).includes(time.field)) return
  throw badValue('time', time.field, "; in such logs that is 'time'")
}

const noObject = unparsable('JSON: expected an object')

/** Lines whose records have all their fields, so that a field that is not there can be told from one that nobody asked for. */
const wholeLines = 100

function jsonFields(fields: readonly string[], time: string): Format {
  return {
    hasTimes: false,
    columns: json({ fields, instant: time }).recipe,
    parser() {
      const whole = objects(json())
      const scan = jsonScan(fields, [time])
      return {
        name: whole.name,
        parse: (line) => (line.number <= wholeLines ? undefined : scan(line)) ?? whole.parse(line),
      }
    },
  }
}

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
    ...(parser.memory && { memory: parser.memory }),
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
function checkFields(config: Config, own: readonly string[]): void {
  const { by, aggregates, time, derivations, lookedUp, lookups, join, dedup } = config
  const known = [...own, ...computedFields(derivations), ...lookedUp]
  const check = (flag: string, field: string | undefined): void => {
    if (field === undefined || known.includes(field) || (join !== undefined && field.startsWith(join.prefix))) return
    const fields = known.join(' ')
    throw new UsageError(`--${flag}: expected a field among ${fields}, got '${field}'${didYouMean(field, known)}`)
  }
  check('time', time?.field)
  // A name too many in an expression may be a parameter of a function in it.
  for (const field of by) check('by', field)
  for (const { field } of aggregates) check('agg', field)
  for (const { keys } of lookups) for (const { field } of keys) check('lookup', field)
  for (const { field } of join?.keys ?? []) check('join', field)
  check('dedup', dedup?.field)
}
