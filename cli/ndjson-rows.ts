import { isoTime } from './iso-time.ts'
import type { Result, Rows } from './rows.ts'

/** Makes the writer of results as NDJSON: the window, the pane if there may be several, key fields, aggregates. */
export function ndjsonRows({ columns, hasPane, cells }: Rows): (result: Result) => string {
  // Put together by hand: an object would move names that look like numbers to the front.
  const names = columns.map((name) => `,${JSON.stringify(name)}:`)
  return (result) => {
    const { window, timing } = result
    let line = `{"window_start":"${isoTime(window.start)}","window_end":"${isoTime(window.end)}"`
    if (hasPane) line += `,"pane":"${timing}"`
    for (const [i, cell] of cells(result).entries()) line += `${names[i] ?? ''}${JSON.stringify(cell)}`
    return `${line}}`
  }
}
