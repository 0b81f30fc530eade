import { grouped } from '../grouped.ts'
import { isoTime } from '../iso-time.ts'
import type { Zone } from '../zone.ts'
import type { ChartData, ChartPane } from './chart-data.ts'
import { timeTicks } from './time-ticks.ts'

const left = 72
const top = 16
const width = 800
const height = 480

/** Draws a chart as a picture (SVG 1.1): event time from left to right, the order in which lines came from the bottom up. */
export function chartSvg(data: ChartData, clock: Zone): string {
  const x = (time: number): number => {
    const part = data.last > data.first ? (time - data.first) / (data.last - data.first) : 0.5
    return round(left + Math.min(1, Math.max(0, part)) * width)
  }
  const y = (arrival: number): number => round(top + height * (1 - arrival / Math.max(1, data.arrived)))
  const dots = (of: 'in time' | 'behind', className: string): string => {
    const path = data.points[of].items.map(({ time, arrival }) => `M${x(time)} ${y(arrival)}h0`)
    return `<path class="dot ${className}" d="${path.join('')}"/>`
  }
  const late = data.points.late.items.map(({ time, arrival }) => `M${x(time) - 4} ${y(arrival) - 4}l8 8m0-8l-8 8`)
  const hasEvents = data.arrived > 0
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left + width + 24} ${top + height + 84}" role="img">
<title>${grouped(data.arrived)} events: event time against arrival</title>
<style>
text { font: 12px sans-serif; fill: #333; text-anchor: middle }
.side { text-anchor: end }
.dot { fill: none; stroke-width: 3; stroke-linecap: round }
.in-time { stroke: #1d3557; stroke-opacity: 0.6 }
.behind { stroke: #e09f3e }
.too-late { fill: none; stroke: #c1121f; stroke-width: 2 }
.watermark { fill: none; stroke: #2a9d8f; stroke-width: 2 }
.pane { stroke: #999 }
.early { fill: #fdf0d5; fill-opacity: 0.6 }
.on-time { fill: #d6eadf; fill-opacity: 0.6 }
.late { fill: #f8d7da; fill-opacity: 0.6 }
</style>
<rect width="100%" height="100%" fill="#fff"/>
${hasEvents ? paneShapes(data.panes.items, x, y).join('\n') : ''}
<path class="watermark" d="${hasEvents ? watermarkPath(data, x, y) : ''}"/>
${dots('in time', 'in-time')}
${dots('behind', 'behind')}
<path class="too-late" d="${late.join('')}"/>
<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="none" stroke="#999"/>
${hasEvents ? axisShapes(data, clock, x, y).join('\n') : ''}
<text x="${left + width / 2}" y="${top + height + 48}">event time</text>
<text transform="translate(14 ${top + height / 2}) rotate(-90)">lines as they came</text>
<text x="${left + width / 2}" y="${top + height + 72}">${legend(data)}</text>
</svg>
`
}

type Place = (of: number) => number

/** Each window grows upwards, and a result leaves where its value is written. */
function paneShapes(panes: readonly ChartPane[], x: Place, y: Place): string[] {
  const tops = new Map<string, number>()
  return panes.map(({ window, timing, arrival, value }) => {
    const id = `${window.start} ${window.end}`
    const [bottom, own] = [tops.get(id) ?? y(0), y(arrival)]
    tops.set(id, own)
    const [from, until] = [x(window.start), x(window.end)]
    const text =
      value === undefined
        ? ''
        : `<text x="${round((from + until) / 2)}" y="${own + 14}">${Number(value.toPrecision(6))}</text>`
    const size = `x="${from}" y="${own}" width="${round(until - from)}" height="${round(Math.max(0, bottom - own))}"`
    return `<rect class="pane ${timing}" ${size}/>${text}`
  })
}

function watermarkPath({ watermarks, arrived }: ChartData, x: Place, y: Place): string {
  const [first, ...rest] = watermarks.items.filter(({ time }) => time > -Infinity)
  if (first === undefined) return ''
  const steps = rest.map(({ time, arrival }) => `V${y(arrival)}H${x(time)}`)
  return `M${x(first.time)} ${y(first.arrival)}${steps.join('')}V${y(arrived)}`
}

function axisShapes(data: ChartData, clock: Zone, x: Place, y: Place): string[] {
  const base = top + height
  const day = isoTime(clock.shown(data.first)).slice(0, 10)
  return [
    ...timeTicks(data.first, data.last, 8, clock).map(({ time, label }) => {
      const at = x(time)
      return `<path d="M${at} ${base}v5" stroke="#999"/><text x="${at}" y="${base + 20}">${label}</text>`
    }),
    `<text x="${left}" y="${base + 36}">${day}</text>`,
    ...[0, 0.5, 1].map((part) => {
      const arrival = Math.round(part * data.arrived)
      return `<text class="side" x="${left - 8}" y="${y(arrival) + 4}">${grouped(arrival)}</text>`
    }),
  ]
}

function legend({ points, panes }: ChartData): string {
  const counts = [
    `${grouped(points['in time'].count)} in time`,
    `${grouped(points.behind.count)} behind the watermark (green)`,
    `of them ${grouped(points.late.count)} too late (crosses)`,
    `${grouped(panes.count)} results`,
  ]
  return counts.join(', ')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
