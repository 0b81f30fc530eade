import type { Config } from './config.ts'
import { ownCell, type Result, type Rows } from './rows.ts'
import { displayWidth, shortened } from './screen/display-width.ts'
import { shortTime } from './short-time.ts'
import { shown } from './shown.ts'
import type { Zone } from './zone.ts'

interface Column {
  readonly name: string
  readonly isNumber: boolean
  /** Of the widest text so far, the name among them. */
  width: number
}

/** What of a configuration the table depends on. */
export type TableConfig = Pick<Config, 'by' | 'aggregates' | 'window' | 'isColored'>

/** The columns of a table: one gets wider when a value needs it. */
export class TableLayout {
  readonly #rows: Rows
  readonly #columns: readonly Column[]
  readonly #time: (time: number) => string
  readonly #isColored: boolean
  readonly #width: () => number

  /** @param width columns of the terminal, which rows are cut to */
  constructor(rows: Rows, config: TableConfig, zone: Zone, width: () => number = () => Infinity) {
    const kinds = [...config.by.map(() => false), ...config.aggregates.map(({ fn }) => !textual.has(fn))]
    this.#rows = rows
    this.#time = shortTime(config, zone)
    this.#isColored = config.isColored
    this.#width = width
    this.#columns = [
      ...rows.own.map((name) => ({ name, isNumber: false, width: name.length })),
      ...rows.columns.map((column, i) => {
        const name = shown(column)
        return { name, isNumber: kinds[i] === true, width: displayWidth(name) }
      }),
    ]
  }

  /** The texts of a result, for which there is room from now on. */
  texts(result: Result): readonly string[] {
    const { own, cells } = this.#rows
    const texts = [...own.map((column) => ownCell(column, result, this.#time)), ...cells(result).map(shown)]
    for (const [i, column] of this.#columns.entries()) {
      column.width = Math.max(column.width, displayWidth(texts[i] ?? ''))
    }
    return texts
  }

  header(): string {
    return this.#painted(bold, this.#aligned(this.#columns.map(({ name }) => name)))
  }

  /** @param isOpen it may still change, or has been taken back, and stands behind what is decided */
  line(texts: readonly string[], isOpen: boolean): string {
    const line = this.#aligned(texts)
    return isOpen ? this.#painted(faint, line) : line
  }

  #aligned(texts: readonly string[]): string {
    const widths = this.#widths()
    const line = this.#columns
      .map(({ isNumber }, i) => {
        const width = widths[i] ?? 0
        const text = shortened(texts[i] ?? '', width)
        const padding = ' '.repeat(Math.max(0, width - displayWidth(text)))
        return isNumber ? padding + text : text + padding
      })
      .join(gap)
      .trimEnd()
    return shortened(line, this.#width())
  }

  /** Where there is not enough room, the widest texts give way first. */
  #widths(): readonly number[] {
    const room = this.#width() - gap.length * (this.#columns.length - 1)
    const roomy = this.#columns.map(({ isNumber, width }) => (isNumber ? Math.max(width, usualNumber) : width))
    if (total(roomy) <= room) return roomy
    const widths = this.#columns.map(({ width }) => width)
    for (let excess = total(widths) - room; excess > 0; excess--) {
      const widest = this.#columns.reduce<number | undefined>((found, { isNumber }, i) => {
        const isLess = isNumber || i < this.#rows.own.length || (widths[i] ?? 0) <= leastText
        return isLess || (found !== undefined && (widths[found] ?? 0) >= (widths[i] ?? 0)) ? found : i
      }, undefined)
      if (widest === undefined) break
      widths[widest] = (widths[widest] ?? 0) - 1
    }
    return widths
  }

  #painted(code: number, text: string): string {
    return this.#isColored ? `\u001b[${code}m${text}\u001b[0m` : text
  }
}

const gap = '  '

/** Room for a number that grows, so that the columns behind it stay where they are. */
const usualNumber = 8

/** A text with fewer columns says nothing. */
const leastText = 8

/** SGR codes (ECMA-48). */
const bold = 1
const faint = 2

/** Functions whose results are not always numbers. */
const textual: ReadonlySet<string> = new Set(['first', 'last', 'list', 'top'])

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0)
}
