import { formatDuration, toMillis } from '../lib/time.ts'
import { type AggregateSpec, parseAggregates } from './aggregate-spec.ts'
import { badValue, type CommandLine } from './command-line.ts'
import { didYouMean } from './did-you-mean.ts'
import { type FormatSpec, parseFormat } from './format-spec.ts'
import { UsageError } from './usage-error.ts'
import { parseWindow, type WindowSpec } from './window-spec.ts'

/** What the command is to do, as plain values: all that a pipeline is made from. Durations are in ms. */
export interface Config {
  /** Paths and globs; `-` is standard input. */
  readonly files: readonly string[]
  readonly format: FormatSpec
  /** The field with the event time. */
  readonly time: string
  readonly window: WindowSpec
  /** The fields that make the key; none for one result a window. */
  readonly by: readonly string[]
  readonly aggregates: readonly AggregateSpec[]
  readonly disorder: number
  readonly allowedLateness: number
  readonly idle: number | undefined
  /** Path of the file for late events. */
  readonly late: string | undefined
  /** Path of the file for what can't become events. */
  readonly bad: string | undefined
  readonly isStrict: boolean
  readonly output: OutputForm
  readonly isQuiet: boolean
}

/** How results are shown. */
export type OutputForm = (typeof outputForms)[number]

const outputForms = ['table', 'ndjson'] as const

/**
 * Validates a command line and makes a configuration of it.
 *
 * @param isTerminal whether the results go to a terminal, which decides their form unless that is said
 * @throws UsageError that names the flag, what it expected and what came
 */
export function toConfig({ flags, files }: CommandLine, isTerminal: boolean): Config {
  const one = (name: string): string | undefined => flags.get(name)?.at(-1)
  const config: Config = {
    files: files.length === 0 ? ['-'] : files,
    format: parseFormat(one('parse')),
    time: one('time') ?? 'time',
    window: parseWindow(one('window')),
    by: parseFields(flags.get('by') ?? []),
    aggregates: parseAggregates(flags.get('agg') ?? ['count()']),
    disorder: duration('disorder', one('disorder'), 0) ?? 5_000,
    allowedLateness: duration('allowed-lateness', one('allowed-lateness'), 0) ?? 0,
    idle: duration('idle', one('idle'), 1),
    late: filePath('late', one('late')),
    bad: filePath('bad', one('bad')),
    isStrict: flags.has('strict'),
    output: outputForm(one('output')) ?? (isTerminal ? 'table' : 'ndjson'),
    isQuiet: flags.has('quiet'),
  }
  checkFiles(config)
  checkNames(config)
  return config
}

function parseFields(lists: readonly string[]): string[] {
  const fields = lists.flatMap((list) => list.split(',').map((field) => field.trim()))
  if (fields.includes('')) throw badValue('by', lists.join(','))
  return fields
}

function duration(name: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined
  let millis: number
  try {
    millis = toMillis(text, name)
  } catch (error) {
    throw badValue(name, text, '', error)
  }
  if (millis < least) throw badValue(name, text, `; the least is ${formatDuration(least)}`)
  return millis
}

function filePath(name: string, path: string | undefined): string | undefined {
  if (path === '-') throw badValue(name, path, '; standard output is for the results')
  return path
}

function outputForm(text: string | undefined): OutputForm | undefined {
  if (text === undefined) return undefined
  const form = outputForms.find((known) => known === text)
  if (form === undefined) throw badValue('output', text, didYouMean(text, outputForms))
  return form
}

function checkFiles({ files, late, bad }: Config): void {
  if (files.indexOf('-') !== files.lastIndexOf('-')) {
    throw new UsageError("FILE: expected '-' once, because standard input can't be read twice, got it again")
  }
  if (late !== undefined && late === bad) throw badValue('bad', bad, "; that is where '--late' writes to")
  for (const [name, path] of [
    ['late', late],
    ['bad', bad],
  ] as const) {
    if (path !== undefined && files.includes(path)) throw badValue(name, path, '; that is a file to read')
  }
}

/** Names of results must differ from each other and from those that every result has. */
function checkNames({ by, aggregates, allowedLateness }: Config): void {
  const taken = new Set(['window_start', 'window_end', ...(allowedLateness > 0 ? ['pane'] : [])])
  for (const field of by) {
    if (taken.has(field)) throw badValue('by', field, '; there is one of that name already')
    taken.add(field)
  }
  for (const { name, call } of aggregates) {
    if (taken.has(name)) throw badValue('agg', `${name}=${call}`, `; there is a '${name}' already, write OTHER=${call}`)
    taken.add(name)
  }
}
