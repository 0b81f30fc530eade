import { formatDuration as formatted } from '../../lib/time.ts'
import { grouped } from '../grouped.ts'
import { isoTime } from '../iso-time.ts'
import type { Zone } from '../zone.ts'
import { boundsFor } from './bounds.ts'
import { recommended, worthwhile } from './recommended.ts'
import type { Trial, Trials } from './trial.ts'

/** What was looked at. */
export interface Looked {
  /** Event times in the order in which they came. */
  readonly times: readonly number[]
  readonly trials: Trials
  /** As the window was given, if late is who misses it. */
  readonly windowText: string | undefined
  readonly clock: Zone
  /** There may be more than what was looked at. */
  readonly isPart: boolean
}

/** Columns of a bar. */
const barWidth = 24

/** Shows, for each bound of disorder, what it would cost and what it would save, and recommends one. */
export function showLateness({ times, trials, windowText, clock, isPart }: Looked): string {
  if (times.length === 0) return 'no events to be looked at\n'
  const all = triedWith(times, trials)
  const best = recommended(all, times.length)
  const rows = all.filter((trial, i) => trial === best || trial.late !== all[i - 1]?.late)
  const table = aligned([
    ['--disorder', 'late', 'share', '', 'delay', 'held', ''],
    ...rows.map((trial) => [
      formatDuration(trial.bound),
      grouped(trial.late),
      percent(trial.late / times.length),
      bar(trial.late, times.length),
      formatDuration(roughly(trial.delay)),
      grouped(trial.held),
      trial === best ? '<- recommended' : '',
    ]),
  ])
  const [first, last] = [Math.min, Math.max].map((of) => times.reduce((a, b) => of(a, b)))
  const shown = (time: number): string => isoTime(clock.shown(time)).slice(0, 19).replace('T', ' ')
  const late = windowText === undefined ? 'behind the watermark' : `too late for their windows of ${windowText}`
  return [
    `${isPart ? 'The first ' : ''}${grouped(times.length)} events, from ${shown(first ?? 0)} to ${shown(last ?? 0)}: ${order(trials)}.`,
    `late: ${late}; delay: how long results wait, on average; held: events that wait at once, at most`,
    '',
    ...table,
    '',
    ...(best === undefined ? [] : advice(best, times.length, trials)),
    '',
  ].join('\n')
}

/** The trials as records, for a program. */
export function latenessRows({ times, trials }: Looked): string {
  if (times.length === 0) return ''
  const all = triedWith(times, trials)
  const best = recommended(all, times.length)
  return all
    .map((trial) => {
      const { bound, late, delay, held } = trial
      const share = late / times.length
      return `${JSON.stringify({ disorder_ms: bound, late, share, delay_ms: delay, held, recommended: trial === best })}\n`
    })
    .join('')
}

function triedWith(times: readonly number[], trials: Trials): readonly Trial[] {
  return boundsFor(times, trials.furthest).map((bound) => trials.of(bound))
}

function order({ outOfOrder, furthest }: Trials): string {
  if (outOfOrder === 0) return 'all in order'
  return `${grouped(outOfOrder)} out of order, by ${formatDuration(roughly(furthest))} at most`
}

function advice({ bound, late }: Trial, events: number, { furthest }: Trials): string[] {
  const text = formatDuration(bound)
  if (late === 0) return [`--disorder ${text} makes none late.`]
  const some = `${grouped(late)} of ${grouped(events)} late (${percent(late / events)})`
  const rest = boundsFor([1], furthest - bound).at(-1) ?? 0
  return [
    `--disorder ${text} makes ${some}; the next one would save less than 1 in ${grouped(worthwhile)}.`,
    `--allowed-lateness ${formatDuration(rest)} beside it would count those, too, each with its result anew.`,
  ]
}

/** As one would write it. */
function formatDuration(millis: number): string {
  return millis === 0 ? '0s' : formatted(millis)
}

/** To what an eye takes in of a duration. */
function roughly(millis: number): number {
  const unit = [86_400_000, 3_600_000, 60_000, 1_000].find((each) => millis >= 20 * each) ?? (millis >= 1_000 ? 100 : 1)
  return Math.round(millis / unit) * unit
}

function percent(share: number): string {
  return `${share === 0 ? '0' : Number((share * 100).toPrecision(2))} %`
}

/** Each eighth of its length is four times less. */
function bar(late: number, events: number): string {
  if (late === 0) return ''
  const part = Math.max(0, 1 + Math.log(late / events) / Math.log(4 ** 8))
  const eighths = Math.max(1, Math.round(part * barWidth * 8))
  const rest = eighths % 8
  return '█'.repeat(Math.floor(eighths / 8)) + (rest === 0 ? '' : String.fromCodePoint(0x25_90 - rest))
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const isText = (column: number): boolean => column === 0 || column === 3 || column === 6
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, i) => (isText(i) ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}
