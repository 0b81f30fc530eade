import { parseAggregates } from './aggregate-spec.ts'
import { badValue, type CommandLine } from './command-line.ts'
import { checkConfig } from './config-checks.ts'
import { parseDedup } from './dedup-spec.ts'
import { parseDerivations } from './derivation.ts'
import { parseFormat } from './format-spec.ts'
import { Given } from './given.ts'
import { parseJoin } from './join-spec.ts'
import { parseKeyedFile } from './key-pairs.ts'
import { parseKafka } from './kafka-spec.ts'
import { parseListen } from './listen-spec.ts'
import { parseMultiline } from './multiline-spec.ts'
import { parseSort } from './sort-spec.ts'
import { parseTime } from './time-spec.ts'
import { parseTrigger } from './trigger-spec.ts'
import { parseWindow } from './window-spec.ts'
import { type Config, outputForms, type Surroundings } from './config.ts'

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
  const kafka = given.all('kafka').map(parseKafka)
  const isLive = given.has('follow') || listen.length > 0
  const files = commandLine.files.length + listen.length + kafka.length === 0 ? ['-'] : commandLine.files
  const config: Config = {
    files,
    follow: given.has('follow') ? (from ?? 'start') : undefined,
    listen,
    kafka,
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
