import { route, run } from '../../lib/run.ts'
import { sideOutput } from '../../lib/wiring/side-output.ts'
import type { DeadLetter } from '../../adapters/line/dead-letter.ts'
import { badValue } from '../command-line.ts'
import type { Call } from '../call.ts'
import { toConfig } from '../to-config.ts'
import { DerivedFields } from '../derived-parser.ts'
import { Failures } from '../failures.ts'
import type { Fields } from '../field.ts'
import { grouped } from '../grouped.ts'
import { type Settled, settle } from '../settle.ts'
import { openSources } from '../sources.ts'
import { surroundings } from '../surroundings.ts'
import { toWindows } from '../to-windows.ts'
import { UsageError } from '../usage-error.ts'
import { latenessRows, showLateness } from './show-lateness.ts'
import { type EndOf, Trials } from './trial.ts'

/** Events that are looked at, at most. */
const most = 1_000_000

/**
 * Reads a sample of an input and shows what each bound of disorder would cost, and how many late events it would save: late for their
 * windows, where there are any. An interrupt ends the sample. Holds the event times of the sample.
 *
 * @throws UsageError for more than one input, and forms of results that this has not
 */
export async function lateness({ commandLine, streams, onInterrupt, environment }: Call): Promise<number | void> {
  const { flags } = commandLine
  const isWindowed = flags.has('window')
  const given = isWindowed ? commandLine : { ...commandLine, flags: new Map([...flags, ['window', ['none']]]) }
  const config = toConfig(given, surroundings(streams, environment))
  const form = flags.get('output')?.at(-1) ?? 'table'
  if (form !== 'table' && form !== 'ndjson') throw badValue('output', form, '; of lateness there are table and ndjson')
  if (config.files.length + config.listen.length !== 1) {
    throw new UsageError('lateness: expected one FILE, because each has an order of its own, got several')
  }
  if (config.join !== undefined) throw new UsageError('lateness: expected one log, leave out --join')
  const say = (text: string): void => void streams.stderr.write(`${text}\n`)
  const settled = await settle(config, streams.stdin, config.isQuiet ? () => {} : say)
  const endOf = await toEndOf(settled)
  let isInterrupted = false
  const { times, untimed } = await sampled(settled, say, (interrupt) =>
    onInterrupt(() => {
      isInterrupted = true
      interrupt()
    }),
  )
  if (!config.isQuiet && untimed > 0) say(`${grouped(untimed)} without a time`)
  const looked = {
    times,
    trials: new Trials(times, endOf),
    windowText: isWindowed ? settled.windowText : undefined,
    clock: settled.clock,
    isPart: times.length === most,
  }
  streams.stdout.write(form === 'table' ? showLateness(looked) : latenessRows(looked))
  return isInterrupted ? 130 : undefined
}

/** Windows that depend on nothing but the time have ends; other events stand for themselves. */
async function toEndOf({ window, windowText }: Settled): Promise<EndOf> {
  const windows = await toWindows(window, windowText)
  if (window.kind === 'none' || !('series' in windows) || windows.series === undefined) return (time) => time + 1
  const { series } = windows
  let { start, end } = { start: 0, end: 0 }
  let last = 0
  return (time) => {
    // Times lie close together.
    if (time < start || time >= end) {
      const slice = series.slice(time)
      ;({ start, end } = slice)
      last = slice.last < slice.first ? time + 1 : series.window(slice.last).end
    }
    return last
  }
}

async function sampled(
  config: Settled,
  say: (text: string) => void,
  onInterrupt: Call['onInterrupt'],
): Promise<{ readonly times: readonly number[]; readonly untimed: number }> {
  const sources = await openSources(config.inputs, config, config.standardInput, config.isQuiet ? () => {} : say)
  const refused = sideOutput<DeadLetter>('dead letters')
  const times: number[] = []
  let untimed = 0
  const { derivations, tables, parsing, isStrict } = config
  const isDerived = derivations.length > 0 || tables.length > 0
  const derived = isDerived ? new DerivedFields(tables, derivations, []) : undefined
  const failures = new Failures(say)
  const take = (record: Fields): void => {
    const time = config.times.of(record)
    if (Number.isNaN(time)) untimed += 1
    else if (times.length < most) times.push(time)
    if (times.length === most) void job.stop()
  }
  const job = run(
    sources.map((records) => {
      const parser = parsing.parser()
      return route(records(derived?.parser(parser, failures) ?? parser, { refused, strict: isStrict }), take)
    }),
    { onNotice: ({ message }) => say(message) },
  )
  const stopListening = onInterrupt(() => void job.drain())
  await job.done.finally(stopListening)
  return { times, untimed }
}
