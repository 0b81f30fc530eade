import type { Readable } from 'node:stream'
import { VirtualClock } from '../lib/clock.ts'
import type { Config } from './config.ts'
import { detectFormat } from './detect.ts'
import { loadFormat } from './format.ts'
import { areFiles, type Input, toInputs } from './inputs.ts'
import type { LookupTable } from './lookup-table.ts'
import { type Recognized, recognize } from './recognize.ts'
import { loadTimes } from './times.ts'
import { takeSample } from './sample.ts'
import { toZone, type Zone } from './zone.ts'

/** A configuration of which nothing is left open, now that the inputs have been looked at. */
export interface Settled extends Config, Recognized {
  readonly format: Recognized['format']
  readonly time: Recognized['time']
  readonly inputs: readonly Input[]
  /** In the order in which they are looked into. */
  readonly tables: readonly LookupTable[]
  /** The second log, if there is one. */
  readonly joined: JoinedLog | undefined
  readonly clock: Zone
  /** Processing time as it was recorded. */
  readonly replayClock: VirtualClock | undefined
  /** ms; `Infinity` for as much as there is. */
  readonly disorder: number
  readonly standardInput: Readable
}

/** A second log, and how its lines are read. */
export interface JoinedLog extends Recognized {
  readonly inputs: readonly Input[]
}

/**
 * Finds out what the command line left open: the format, the field with the time, and how far out of order events may come.
 *
 * @param say shows what was guessed
 * @throws UsageError for what can't be guessed, and for fields that the format has not; TidemarkError `input` for files that are not there
 */
export async function settle(given: Config, stdin: Readable, say: (text: string) => void): Promise<Settled> {
  const clock = toZone(given.zone)
  const tables = await tablesOf(given)
  const config = { ...given, lookedUp: tables.flatMap(({ columns }) => columns) }
  // First what may be wrong with the command line, then what may be with the files.
  if (config.format !== undefined) await loadFormat(config.format, config)
  if (config.time !== undefined) await loadTimes(config.time, clock, config.year)
  const inputs = await toInputs(config)
  const recognized = await recognize(config, inputs, clock, stdin, say)
  const joined = await joinedLog(config, recognized, clock, say)
  const isFinished = await areFiles([...inputs, ...(joined?.inputs ?? [])])
  const disorder = config.disorder ?? (isFinished ? Infinity : usualDisorder)
  const replayClock = config.replay && new VirtualClock(config.replay.start)
  return { ...config, ...recognized, inputs, tables, joined, clock, replayClock, disorder }
}

/** ms */
const usualDisorder = 5_000

async function tablesOf({ lookups }: Config): Promise<readonly LookupTable[]> {
  if (lookups.length === 0) return []
  const { loadLookup } = await import('./lookup-table.ts')
  return await Promise.all(lookups.map(loadLookup))
}

/** The second log is in the format that its first lines show, unless they show none. */
async function joinedLog(
  config: Config,
  { format }: Recognized,
  clock: Zone,
  say: (text: string) => void,
): Promise<JoinedLog | undefined> {
  if (config.join === undefined) return undefined
  const { Readable } = await import('node:stream')
  const keys = config.join.keys.map(({ other }) => ({ field: other, other }))
  const own: Config = {
    ...config,
    files: [config.join.path],
    listen: [],
    kafka: [],
    replay: undefined,
    by: [],
    aggregates: [],
    derivations: [],
    lookups: [],
    dedup: undefined,
    join: { ...config.join, keys },
  }
  const inputs = await toInputs(own)
  const { lines } = await takeSample(inputs, own, Readable.from([]))
  const found = await detectFormat(lines)
  const read = { ...own, format: found === undefined ? format : { kind: found }, time: undefined }
  return { inputs, ...(await recognize(read, inputs, clock, Readable.from([]), say)) }
}
