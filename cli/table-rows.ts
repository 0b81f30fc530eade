import type { Config } from './config.ts'
import { isoTime } from './iso-time.ts'
import type { RowFormat } from './row-format.ts'
import { ownCell, type Result, type Rows } from './rows.ts'
import { shownText } from './shown-text.ts'
import type { WindowSpec } from './window-spec.ts'
import type { Zone } from './zone.ts'

interface Column {
  readonly name: string
  readonly isNumber: boolean
  width: number
}

/**
 * Makes the writer of results as a table, row by row: the header comes with the first row, and a column gets wider when a
 * value needs it, from that row on.
 */
export function tableRows({ own, columns, cells }: Rows, config: TableConfig, zone: Zone): RowFormat {
  const time = timeFormat(config, zone)
  const kinds = [...config.by.map(() => false), ...config.aggregates.map(({ fn }) => !textual.has(fn))]
  const layout: Column[] = [
    ...own.map((name) => ({ name, isNumber: false, width: 0 })),
    // Room for a number that grows, so that the columns behind it stay where they are.
    ...columns.map((name, i) => ({ name: shown(name), isNumber: kinds[i] === true, width: kinds[i] === true ? 8 : 0 })),
  ]
  const textsOf = (result: Result): readonly string[] => {
    const texts = [...own.map((column) => ownCell(column, result, time)), ...cells(result).map(shown)]
    for (const [i, column] of layout.entries()) {
      column.width = Math.max(column.width, column.name.length, texts[i]?.length ?? 0)
    }
    return texts
  }
  const painted = (code: number, text: string): string => (config.isColored ? `\u001b[${code}m${text}\u001b[0m` : text)
  return {
    header(first) {
      textsOf(first)
      const names = layout.map((column) => column.name)
      return painted(bold, aligned(layout, names))
    },
    row(result) {
      const texts = textsOf(result)
      const row = aligned(layout, texts)
      // What may still change, or has been taken back, stands behind what is decided.
      return result.timing === 'early' || result.diff === -1 ? painted(faint, row) : row
    },
  }
}

/** What of a configuration the table depends on. */
type TableConfig = Pick<Config, 'by' | 'aggregates' | 'window' | 'isColored'>

/** SGR codes (ECMA-48). */
const bold = 1
const faint = 2

/** Functions whose results are not always numbers. */
const textual: ReadonlySet<string> = new Set(['first', 'last', 'list', 'top'])

function aligned(layout: readonly Column[], texts: readonly string[]): string {
  return layout
    .map(({ isNumber, width }, i) => (isNumber ? texts[i]?.padStart(width) : texts[i]?.padEnd(width)))
    .join('  ')
    .trimEnd()
}

/** As `2018-10-11 09:00`, with seconds or ms where the windows have them. */
function timeFormat({ window }: TableConfig, zone: Zone): (time: number) => string {
  const steps = stepsOf(window)
  const isMultiple = (of: number): boolean => steps.every((length) => length % of === 0)
  const length = isMultiple(60_000) ? 16 : isMultiple(1_000) ? 19 : 23
  return (time) => {
    const text = isoTime(zone.shown(time))
    return text.endsWith('Z') ? text.slice(0, text.indexOf('T') - 10 + length).replace('T', ' ') : text
  }
}

/** What the borders of the windows are multiples of. */
function stepsOf(window: WindowSpec): readonly number[] {
  switch (window.kind) {
    case 'tumbling':
      return [window.size]
    case 'hopping':
      return [window.size, window.hop]
    case 'cumulative':
      return [window.step]
    case 'calendar':
      return []
    default:
      return [1]
  }
}

/** To as many digits as an eye takes in; other forms have them all. */
function rounded(value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(8)) : value
}

function shown(value: unknown): string {
  return shownText(typeof value === 'string' ? value : value === null ? '-' : JSON.stringify(rounded(value)))
}
