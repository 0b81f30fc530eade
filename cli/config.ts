import type { Accumulation } from '../lib/window.ts'
import { type AggregateSpec, parseAggregates } from './aggregate-spec.ts'
import { badValue, type CommandLine } from './command-line.ts'
import { checkConfig } from './config-checks.ts'
import { type DedupSpec, parseDedup } from './dedup-spec.ts'
import { type Derivation, parseDerivations } from './derivation.ts'
import { type FormatSpec, parseFormat } from './format-spec.ts'
import { Given } from './given.ts'
import { type JoinSpec, parseJoin } from './join-spec.ts'
import { type KeyedFile, parseKeyedFile } from './key-pairs.ts'
import { type ListenSpec, parseListen } from './listen-spec.ts'
import { parseMultiline } from './multiline-spec.ts'
import { parseSort, type SortKey } from './sort-spec.ts'
import { parseTime, type TimeSpec } from './time-spec.ts'
import { parseTrigger, type TriggerSpec } from './trigger-spec.ts'
import { parseWindow, type WindowSpec } from './window-spec.ts'

/** What the command is to do, as plain values: all that a pipeline is made from. Durations are in ms. */
export interface Config {
  /** Paths and globs; `-` is standard input. */
  readonly files: readonly string[]
  /** Where to begin in files that are followed; `undefined` if none are. */
  readonly follow: 'start' | 'end' | undefined
  readonly listen: readonly ListenSpec[]
  /** What `tidemark replay` reads in place of any other input. */
  readonly replay: ReplaySpec | undefined
  /** Matches the first line of a record; `undefined` where each line is one. */
  readonly multiline: RegExp | undefined
  /** `undefined` if the first lines are to tell. */
  readonly format: FormatSpec | undefined
  /** `undefined` if the first records are to tell. */
  readonly time: TimeSpec | undefined
  readonly zone: string
  /** Of times that say none. */
  readonly year: number | undefined
  /** The fields that are computed, and the conditions: all in the order in which they are to be evaluated. */
  readonly derivations: readonly Derivation[]
  /** Tables whose rows are added to the records. */
  readonly lookups: readonly KeyedFile[]
  /** The fields that come of them; none as long as they have not been read. */
  readonly lookedUp: readonly string[]
  readonly join: JoinSpec | undefined
  readonly dedup: DedupSpec | undefined
  readonly window: WindowSpec
  /** As it was given, for errors. */
  readonly windowText: string | undefined
  /** The fields that make the key; none for one result a window. */
  readonly by: readonly string[]
  readonly aggregates: readonly AggregateSpec[]
  readonly trigger: TriggerSpec | undefined
  readonly accumulation: Accumulation
  /** `undefined` for 5 s, or, where all inputs are files, as much as there is. */
  readonly disorder: number | undefined
  readonly allowedLateness: number
  readonly idle: number | undefined
  /** Path of the file for late events. */
  readonly late: string | undefined
  /** Path of the file for what can't become events. */
  readonly bad: string | undefined
  readonly isStrict: boolean
  readonly output: OutputForm
  /** Whether the table has colours. */
  readonly isColored: boolean
  readonly sort: readonly SortKey[]
  readonly limit: number | undefined
  /** Path of the file for the chart as a picture. */
  readonly svg: string | undefined
  readonly isQuiet: boolean
  readonly hasProgress: boolean
  readonly hasStats: boolean
  readonly terminal: Terminal
  /** Path of the file for the results; standard output if there is none. */
  readonly out: string | undefined
  readonly checkpoint: { readonly dir: string; readonly every: number } | undefined
}

/** A recording, and how it is read. */
export interface ReplaySpec {
  readonly path: string
  /** How many times as fast as it was recorded. */
  readonly speed: number
  /** When it begins, epoch ms. */
  readonly start: number
}

/** How results are shown. */
export type OutputForm = (typeof outputForms)[number]

const outputForms = ['table', 'ndjson', 'csv', 'tsv', 'chart'] as const

/** What is a terminal. */
export interface Terminal {
  readonly isOfResults: boolean
  readonly isOfErrors: boolean
  /** Lines can be drawn anew on it. */
  readonly hasCursor: boolean
}

/** What the command is connected to. */
export interface Surroundings extends Terminal {
  /** Where results go is a terminal, and shows colours, unless the user minds. */
  readonly hasColors: boolean
  /** Standard input is somebody who types. */
  readonly isTyped: boolean
}

/**
 * Validates a command line and makes a configuration of it.
 *
 * @throws UsageError that names the flag, what it expected and what came
 */
export function toConfig(
  commandLine: CommandLine,
  { isOfResults, isOfErrors, hasCursor, hasColors, isTyped }: Surroundings,
): Config {
  const given = new Given(commandLine)
  const out = given.path('out')
  const dir = given.text('checkpoint')
  const isOnTerminal = isOfResults && out === undefined
  const from = given.choice('from', ['start', 'end'])
  if (from !== undefined && !given.has('follow')) throw badValue('from', from, '; that is for --follow, give it too')
  if (given.has('speed')) throw badValue('speed', given.text('speed'), '; that is for tidemark replay')
  const listen = given.all('listen').map(parseListen)
  const isLive = given.has('follow') || listen.length > 0
  const files = commandLine.files.length === 0 && listen.length === 0 ? ['-'] : commandLine.files
  const config: Config = {
    files,
    follow: given.has('follow') ? (from ?? 'start') : undefined,
    listen,
    replay: undefined,
    multiline: parseMultiline(given.text('multiline')),
    format: parseFormat(given.text('parse')),
    time: parseTime(given.text('time')),
    zone: given.text('tz') ?? 'UTC',
    year: given.count('year', 0, 9_999),
    derivations: parseDerivations(given.all('let'), given.all('where')),
    lookups: given.all('lookup').map((text) => parseKeyedFile('lookup', text, text)),
    lookedUp: [],
    join: parseJoin(given.text('join')),
    dedup: parseDedup(given.text('dedup')),
    window: parseWindow(given.text('window')),
    windowText: given.text('window'),
    by: given.names('by'),
    aggregates: parseAggregates(given.has('agg') ? given.all('agg') : ['count()']),
    trigger: parseTrigger(given.text('trigger')),
    accumulation: accumulations[given.choice('mode', modes) ?? 'accumulate'],
    disorder: given.duration('disorder', 0),
    allowedLateness: given.duration('allowed-lateness', 0) ?? 0,
    idle: given.duration('idle', 1) ?? (isLive ? 10_000 : undefined),
    late: given.path('late'),
    bad: given.path('bad'),
    isStrict: given.has('strict'),
    output: given.choice('output', outputForms) ?? (isOnTerminal ? 'table' : 'ndjson'),
    isColored: hasColors && out === undefined && !given.has('no-color'),
    sort: parseSort(given.names('sort')),
    limit: given.count('limit', 1, Number.MAX_SAFE_INTEGER),
    svg: given.path('svg'),
    isQuiet: given.has('quiet'),
    // On a terminal on which somebody types it would be in the way.
    hasProgress:
      given.has('progress') || (isOfErrors && hasCursor && !(isTyped && files.includes('-')) && !given.has('quiet')),
    hasStats: given.has('stats'),
    terminal: { isOfResults: isOnTerminal, isOfErrors, hasCursor },
    out,
    checkpoint: dir === undefined ? undefined : { dir, every: given.duration('checkpoint-every', 1) ?? 10_000 },
  }
  checkConfig(config)
  return config
}

const modes = ['accumulate', 'discard', 'retract'] as const

const accumulations = { accumulate: 'accumulating', discard: 'discarding', retract: 'retracting' } as const
