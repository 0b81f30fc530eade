import type { Line } from '../adapters/line/line.ts'
import { formatDuration } from '../lib/time.ts'
import type { Window, Windows } from '../lib/window.ts'
import { isoTimeIn } from './iso-time.ts'
import type { Fate, Watermark } from './line-watch.ts'
import type { Settled } from './settle.ts'
import { shownText } from './shown-text.ts'

/** Columns of a line that are shown. */
const width = 160
/** Windows that are listed. */
const mostWindows = 4

type Arrived = Extract<Fate, { kind: 'event' }>

/**
 * Makes the function that tells what has become of a line: where it stands, its time, the watermark, its windows, the verdict, and with what
 * it would have counted.
 */
export function fateText(config: Settled, windows: Windows): (line: Line, fate: Fate) => string {
  const { disorder, allowedLateness, derivations, format } = config
  const iso = isoTimeIn(config.clock)

  function windowsOf(time: number): readonly Window[] | undefined {
    // Those of `count` and `slide` depend on other events.
    return 'assign' in windows ? windows.assign(time, {}) : undefined
  }

  function verdict(line: Line, fate: Fate): string {
    if (fate.kind === 'refused') return `did not count: ${fate.reason}`
    if (fate.kind === 'left out') {
      const isHeader = line.number === 1 && (format.kind === 'csv' || format.kind === 'tsv')
      const isConditional = derivations.some(({ name }) => name === undefined)
      return isConditional && !isHeader ? 'did not count: --where is not true of it' : 'did not count: it is no record'
    }
    const { time, watermark, isLate } = fate
    if (isLate)
      return `late, did not count: ${watermark.time === Infinity ? 'the input had ended' : 'all its windows were over'}`
    const all = windowsOf(time)
    if (all?.length === 0) return 'did not count: it falls between the windows'
    if (disorder === Infinity) return 'counted: without --disorder nothing is late'
    if (time >= watermark.time) return 'counted: it was in time'
    if (all === undefined) return 'counted: it was behind the watermark, but not too late'
    const open = all.filter(({ end }) => end > watermark.time)
    const kept = all.filter(({ end }) => end <= watermark.time && end + allowedLateness > watermark.time)
    if (open.length === all.length) return 'counted: its window was not complete yet'
    const parts = [
      ...(open.length > 0 ? [`in ${open.length} of ${all.length} windows, not complete yet`] : []),
      ...(kept.length > 0
        ? [`within --allowed-lateness, ${kept.length === 1 ? 'its window' : 'windows'} gave a result anew`]
        : []),
    ]
    return `counted: ${parts.join('; ')}`
  }

  /** With what it would have counted in all its windows. */
  function remedy({ time, watermark, isLate }: Arrived): string | undefined {
    if (!Number.isFinite(watermark.time) || disorder === Infinity || time >= watermark.time) return undefined
    const all = windowsOf(time)
    const end = all === undefined ? time : all[0]?.end
    const isWhole = end === undefined || end + allowedLateness > watermark.time
    if (isWhole || (all === undefined && !isLate)) return undefined
    const lateness = watermark.time - end + 1
    const ways = [`--disorder ${rounded(lateness + disorder)}`]
    if (config.window.kind !== 'count') ways.push(`--allowed-lateness ${rounded(lateness)}`)
    return ways.join(', or ')
  }

  function watermarkText({ time, mover }: Watermark): string {
    if (time === -Infinity) return 'none yet'
    if (time === Infinity) return 'the end of the input'
    if (mover === undefined) return `${iso(time)}, as an input had ended, or nothing came of it`
    const less = disorder > 0 ? `, less ${formatDuration(disorder)} of disorder` : ''
    return `${iso(time)}, by ${mover.source}:${mover.number} of ${iso(mover.time)}${less}`
  }

  function windowTexts({ time, watermark }: Arrived): string {
    const all = windowsOf(time)
    if (all === undefined) return 'depend on the events around it'
    if (all.length === 0) return 'none, it falls between them'
    const texts = all.slice(0, mostWindows).map(({ start, end }) => {
      if (!Number.isFinite(end)) return 'the whole input'
      const since =
        watermark.time >= end && watermark.time < Infinity
          ? `, complete for ${formatDuration(watermark.time - end)}`
          : ''
      return `${iso(start)} to ${iso(end)}${since}`
    })
    const rest = all.length - mostWindows
    return [...texts, ...(rest > 0 ? [`and ${rest} more`] : [])].join(`\n${' '.repeat(indent)}`)
  }

  return (line, fate) => {
    const text = shownText(line.text)
    const rows: (readonly [string, string | undefined])[] =
      fate.kind === 'event'
        ? [
            ['time', iso(fate.time)],
            ['watermark', watermarkText(fate.watermark)],
            ['windows', windowTexts(fate)],
            ['verdict', verdict(line, fate)],
            ['kept with', remedy(fate)],
          ]
        : [['verdict', verdict(line, fate)]]
    const shown = rows.flatMap(([name, value]) =>
      value === undefined ? [] : [`  ${name.padEnd(indent - 2)}${value}\n`],
    )
    return `${line.source}:${line.number}: ${text.length > width ? `${text.slice(0, width)}...` : text}\n${shown.join('')}`
  }
}

const indent = 13

/** Up to whole seconds, where it is more than one. */
function rounded(millis: number): string {
  return formatDuration(millis > 1_000 ? Math.ceil(millis / 1_000) * 1_000 : millis)
}
