import type { Windows, WindowSeries } from '../../lib/window.ts'
import type { Config } from '../config.ts'
import { fieldsRead } from '../derivation.ts'
import type { FormatSpec } from '../format-spec.ts'
import type { Settled } from '../settle.ts'
import { accessLogTimes } from '../times.ts'
import type { WindowSpec } from '../window-spec.ts'

/** What another thread has to know to add up the records of a range, as plain data. */
export interface Plan {
  readonly config: Config & Pick<Settled, 'format' | 'time' | 'disorder'>
  /** The parser of the format reads the times. */
  readonly hasParsedTimes: boolean
}

/**
 * Says how the lines of a job can be added up where they are read; `undefined` for a job that has to see them one by one: because it shows
 * some of them, or what it does depends on when each comes. Its files have an end, and are not compressed.
 */
export function planOf(settled: Settled): Plan | undefined {
  const { parsing: _, clock: _clock, replayClock: _replay, standardInput: _input, ...known } = settled
  const { times, tables, joined, inputs, ...config } = known
  const isOfSlices = isSeries(config.window) && config.trigger === undefined && config.allowedLateness === 0
  const isShown = config.late !== undefined || config.bad !== undefined || config.isStrict || config.hasStats
  const isDrawn = config.output === 'chart' || config.svg !== undefined
  const isHeld = config.dedup !== undefined || joined !== undefined || tables.length > 0
  const isKept = config.checkpoint !== undefined || config.idle !== undefined || config.multiline !== undefined
  // A file's lines are late by those of all files.
  const areAlone = inputs.length === 1 || config.disorder === Infinity
  const isFit = isOfSlices && areAlone && !isShown && !isDrawn && !isHeld && !isKept
  if (!isFit || hasHeader(config.format) || fieldsRead(config.derivations) === undefined) return undefined
  return { config, hasParsedTimes: times === accessLogTimes }
}

/** Whether windows depend on nothing but the time, and leave no gaps. */
function isSeries(window: WindowSpec): boolean {
  switch (window.kind) {
    case 'hopping':
      return window.hop <= window.size
    case 'sliding':
    case 'session':
    case 'count':
      return false
    default:
      return true
  }
}

/** Whether what a line says depends on the first one of its file. */
function hasHeader({ kind }: FormatSpec): boolean {
  return kind === 'csv' || kind === 'tsv'
}

/** The series that windows of a plan are. */
export function seriesOf(windows: Windows): WindowSeries {
  const series = 'series' in windows ? windows.series : undefined
  if (series === undefined) throw new Error(`${windows.name} is no series`)
  return series
}
