import { grouped } from '../grouped.ts'
import { isoTime } from '../iso-time.ts'
import { shortened } from '../screen/display-width.ts'
import type { Zone } from '../zone.ts'
import type { ChartData, ChartPane, Fate } from './chart-data.ts'
import { Grid, type Paint } from './grid.ts'
import { timeTicks } from './time-ticks.ts'

/** Where a chart is drawn. */
export interface ChartPlace {
  readonly columns: number
  readonly rows: number
  readonly isColored: boolean
  readonly clock: Zone
}

/** What covers what. */
const rank = { pane: 1, watermark: 2, 'in time': 3, behind: 4, value: 5, late: 6 } as const

const paints: Readonly<Record<Fate, Paint>> = { 'in time': '36', behind: '33', late: '31;1' }

/** Columns between two labels of the time axis. */
const perLabel = 12

/**
 * Draws event time from left to right, and the order in which lines came from the bottom up: events as dots, those that came too late as
 * `×`, the watermark as a line with the events that it had given up on to its left, and results where they left, as wide as their windows.
 */
export function drawChart(data: ChartData, { columns, rows, isColored, clock }: ChartPlace): string[] {
  if (data.arrived === 0) return ['no events to be drawn']
  const margin = grouped(data.arrived).length + 1
  const grid = new Grid(Math.max(8, columns - margin - 1), Math.max(4, rows - 4))
  const scale = new Scale(data, grid)
  for (const pane of data.panes.items) drawPane(grid, scale, pane)
  drawWatermark(grid, scale, data)
  for (const fate of ['in time', 'behind', 'late'] as const) {
    for (const { time, arrival } of data.points[fate].items) {
      const [x, y] = [scale.x(time), scale.y(arrival)]
      // As a character, which tells them apart without colours.
      if (fate === 'late') grid.put(Math.floor(x / 2), Math.floor(y / 4), '×', rank.late, paints.late)
      else grid.dot(x, y, rank[fate], paints[fate])
    }
  }
  const ticks = timeTicks(data.first, data.last, Math.max(1, Math.floor(grid.columns / perLabel)), clock)
  const places = ticks.map(({ time, label }) => ({ label, column: Math.floor(scale.x(time) / 2) }))
  const axis = Array.from({ length: grid.columns }, () => '─')
  let labels = ''
  for (const { column, label } of places) {
    axis[column] = '┴'
    const start = Math.min(grid.columns - label.length, Math.max(0, column - Math.floor(label.length / 2)))
    if (start > labels.length || labels === '') labels = labels.padEnd(start) + label
  }
  const margins = grid.lines(isColored).map((line, row) => `${marginOf(data, row, grid.rows).padStart(margin)}│${line}`)
  const day = isoTime(clock.shown(data.first)).slice(0, 10)
  return [
    ...margins,
    `${' '.repeat(margin)}└${axis.join('')}`,
    `${' '.repeat(margin + 1)}${labels}`,
    shortened(`lines as they came, over event time from ${day}`, columns),
    shortened(legend(data), columns),
  ]
}

/** Places of times and arrivals, counted in dots. */
class Scale {
  readonly #data: ChartData
  readonly #width: number
  readonly #height: number

  constructor(data: ChartData, { columns, rows }: Grid) {
    this.#data = data
    this.#width = columns * 2
    this.#height = rows * 4
  }

  /** Within the chart, also for times that are not. */
  x(time: number): number {
    const { first, last } = this.#data
    const part = last > first ? (time - first) / (last - first) : 0.5
    return Math.round(Math.min(1, Math.max(0, part)) * (this.#width - 1))
  }

  y(arrival: number): number {
    const part = (arrival - 1) / Math.max(1, this.#data.arrived - 1)
    return this.#height - 1 - Math.round(Math.max(0, part) * (this.#height - 1))
  }
}

function drawPane(grid: Grid, scale: Scale, { window, timing, arrival, value }: ChartPane): void {
  const row = Math.floor(scale.y(arrival) / 4)
  const from = Math.floor(scale.x(window.start) / 2)
  const until = Math.floor(scale.x(window.end) / 2)
  const paint = timing === 'late' ? '31;1' : timing === 'early' ? '2' : '35'
  for (let column = from; column <= until; column++) {
    const isEnd = column === from || column === until
    grid.put(column, row, isEnd ? '┆' : '╌', rank.pane, paint)
  }
  const text = value === undefined ? '' : String(Number(value.toPrecision(6)))
  if (text === '' || text.length > until - from - 1) return
  const start = from + Math.ceil((until - from - text.length) / 2)
  for (let i = 0; i < text.length; i++) grid.put(start + i, row, text.charAt(i), rank.value, paint)
}

/** A step with each rise: the watermark stands where it is until the next. */
function drawWatermark(grid: Grid, scale: Scale, { watermarks }: ChartData): void {
  const paint: Paint = '32'
  let column: number | undefined
  let bottom = grid.rows - 1
  /** Row of the last step. */
  let stepped = -1
  const upTo = (row: number): void => {
    for (; bottom > row; bottom--) if (column !== undefined) grid.put(column, bottom, '│', rank.watermark, paint)
  }
  for (const { time, arrival } of watermarks.items) {
    if (time === -Infinity) continue
    const row = Math.floor(scale.y(arrival) / 4)
    const next = Math.floor(scale.x(time) / 2)
    upTo(row)
    if (column !== undefined && next > column) {
      grid.put(column, row, row === stepped ? '─' : '┌', rank.watermark, paint)
      stepped = row
      for (let between = column + 1; between < next; between++) grid.put(between, row, '─', rank.watermark, paint)
      grid.put(next, row, '┘', rank.watermark, paint)
    }
    column = next
    bottom = Math.min(bottom, row)
  }
  upTo(-1)
}

/** How many lines had come at the bottom, in the middle and at the top. */
function marginOf({ arrived }: ChartData, row: number, rows: number): string {
  if (row === rows - 1) return '1'
  if (row === 0) return grouped(arrived)
  return row === Math.floor(rows / 2) ? grouped(Math.round(arrived / 2)) : ''
}

function legend({ points, panes, watermarks }: ChartData): string {
  const late = points.late.count
  const behind = points.behind.count
  return [
    `${grouped(points['in time'].count + behind)} ⠿ events`,
    ...(behind > 0 ? [`${grouped(behind)} behind the watermark`] : []),
    ...(late > 0 ? [`${grouped(late)} × too late`] : []),
    watermarks.items.some(({ time }) => Math.abs(time) < Infinity)
      ? '│ watermark'
      : 'no watermark before the end, for want of --disorder',
    `${grouped(panes.count)} ┆╌┆ results`,
  ].join('   ')
}
