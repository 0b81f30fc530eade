import type { Readable } from 'node:stream'
import { noRecord, Unparsable } from '../adapters/format/parser.ts'
import { show } from '../lib/errors.ts'
import { badValue } from './command-line.ts'
import type { Config } from './config.ts'
import { detectFormat } from './detect.ts'
import type { Fields } from './field.ts'
import { type Format, loadFormat } from './format.ts'
import type { FormatSpec } from './format-spec.ts'
import { guessTime, timeKind } from './guess-time.ts'
import { areFiles, type Input, nameOfInput } from './inputs.ts'
import { type Sample, takeSample } from './sample.ts'
import type { TimeSpec } from './time-spec.ts'
import { type Times, accessLogTimes, loadTimes } from './times.ts'
import type { Zone } from './zone.ts'

/** How the lines of inputs are read. */
export interface Recognized {
  readonly format: FormatSpec
  readonly parsing: Format
  readonly time: TimeSpec
  readonly times: Times
}

/**
 * Finds out the format of inputs, and the field with the time.
 *
 * @param standardInput a stream that stands in for it comes back, if it was looked at
 * @param say shows what was guessed
 * @throws UsageError for what can't be guessed, and for fields that the format has not
 */
export async function recognize(
  config: Config,
  inputs: readonly Input[],
  clock: Zone,
  standardInput: Readable,
  say: (text: string) => void,
): Promise<Recognized & Pick<Sample, 'standardInput'>> {
  const known = config.format && (await loadFormat(config.format, config))
  const isTold = known !== undefined && (known.hasTimes || config.time?.format !== undefined)
  const sample = isTold ? nothing(standardInput) : await takeSample(inputs, config, standardInput)
  const format = config.format ?? (await detected(sample, inputs, say))
  const parsing = known ?? (await loadFormat(format, config))
  const isAccessTime = parsing.hasTimes && (config.time === undefined || isPlain(config.time))
  const time = isAccessTime ? accessTime : timeOf(config, inputs, recordsOf(sample, parsing), say)
  const times = isAccessTime ? accessLogTimes : await loadTimes(time, clock, config.year)
  return { format, parsing, time, times, standardInput: sample.standardInput }
}

const accessTime: TimeSpec = { field: 'time' }

function nothing(standardInput: Readable): Sample {
  return { source: undefined, lines: [], standardInput }
}

function isPlain({ field, format }: TimeSpec): boolean {
  return field === accessTime.field && format === undefined
}

async function detected(sample: Sample, inputs: readonly Input[], say: (text: string) => void): Promise<FormatSpec> {
  const { source, lines } = sample
  const [first] = lines
  if (first === undefined) {
    const isToCome = source === undefined && !(await areFiles(inputs))
    if (isToCome) throw badValue('parse', 'auto', `; ${unseen(inputs)}, name their format`)
    // Without a line there is nothing to read, in whatever format.
    return { kind: 'json' }
  }
  const kind = await detectFormat(lines)
  if (kind === undefined) {
    throw badValue(
      'parse',
      'auto',
      `; the first lines of ${source} are of none that it knows, such as ${show(first.text)}; write regex:/.../ with a named group for each field`,
    )
  }
  say(`parse: ${kind}, by the first lines of ${source}`)
  return { kind }
}

function recordsOf({ lines }: Sample, { parser }: Format): readonly Fields[] {
  const own = parser()
  return lines.flatMap((line) => {
    const record = own.parse(line)
    return record === noRecord || record instanceof Unparsable ? [] : [record]
  })
}

function timeOf(
  config: Config,
  inputs: readonly Input[],
  records: readonly Fields[],
  say: (text: string) => void,
): TimeSpec {
  const [first] = records
  if (first === undefined) {
    if (config.time === undefined && inputs.some(({ kind }) => kind !== 'stdin' && kind !== 'file')) {
      throw badValue('time', undefined, `; ${unseen(inputs)}, name the field`)
    }
    return config.time ?? accessTime
  }
  const time = config.time ?? guessTime(records)
  if (time === undefined) {
    const names = Object.keys(first).join(' ')
    throw badValue('time', undefined, `; none of the fields has a usual name and a time in it, there are ${names}`)
  }
  const kind = time.format === undefined ? timeKind(records, time.field) : undefined
  // What a number was taken for, nobody knows who has not been told; the usual case goes without saying.
  const isObvious = kind === 'ISO 8601' && (config.time !== undefined || time.field === accessTime.field)
  if (kind !== undefined && !isObvious) say(`time: ${time.field}, ${kind}`)
  return time
}

function unseen([first]: readonly Input[]): string {
  return `the lines of '${first === undefined ? '' : nameOfInput(first)}' can't be looked at beforehand`
}
