import type { Config } from './config.ts'
import { isoTime } from './iso-time.ts'
import type { Result, Rows } from './rows.ts'

interface Column {
  readonly name: string
  readonly isNumber: boolean
  width: number
}

/**
 * Makes the writer of results as a table, row by row: the header comes with the first row, and a column gets wider when a
 * value needs it, from that row on.
 */
export function tableRows({ columns, hasPane, cells }: Rows, config: Config): (result: Result) => string {
  const time = timeFormat(config)
  const kinds = [...config.by.map(() => false), ...config.aggregates.map(({ fn }) => !textual.has(fn))]
  const layout: Column[] = [
    ...['window_start', 'window_end', ...(hasPane ? ['pane'] : [])].map((name) => ({
      name,
      isNumber: false,
      width: 0,
    })),
    // Room for a number that grows, so that the columns behind it stay where they are.
    ...columns.map((name, i) => ({ name: shown(name), isNumber: kinds[i] === true, width: kinds[i] === true ? 8 : 0 })),
  ]
  let isFirst = true
  return (result) => {
    const { window, timing } = result
    const texts = [time(window.start), time(window.end), ...(hasPane ? [timing] : []), ...cells(result).map(shown)]
    for (const [i, column] of layout.entries()) {
      column.width = Math.max(column.width, column.name.length, texts[i]?.length ?? 0)
    }
    const row = aligned(layout, texts)
    if (!isFirst) return row
    isFirst = false
    return `${aligned(
      layout,
      layout.map((column) => column.name),
    )}\n${row}`
  }
}

/** Functions whose results are not always numbers. */
const textual: ReadonlySet<string> = new Set(['first', 'last', 'list'])

function aligned(layout: readonly Column[], texts: readonly string[]): string {
  return layout
    .map(({ isNumber, width }, i) => (isNumber ? texts[i]?.padStart(width) : texts[i]?.padEnd(width)))
    .join('  ')
    .trimEnd()
}

/** As `2018-10-11 09:00`, with seconds or ms where the windows have them. */
function timeFormat({ window }: Config): (time: number) => string {
  const step = window.kind === 'tumbling' ? [window.size] : [window.size, window.hop]
  const isMultiple = (of: number): boolean => step.every((length) => length % of === 0)
  const end = isMultiple(60_000) ? /:00\.000Z$/ : isMultiple(1_000) ? /\.000Z$/ : /Z$/
  return (time) => isoTime(time).replace(end, '').replace('T', ' ')
}

/** On one line, and without what a terminal might take for a command: a log may hold anything. */
function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : value === null ? '-' : JSON.stringify(value)
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
  })
}
