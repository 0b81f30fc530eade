/** How a character of a chart is painted: SGR codes (ECMA-48), or nothing. */
export type Paint = '' | '2' | '31;1' | '32' | '33' | '35' | '36'

/** Bits of the dots of a braille character, by column and row within it (Unicode, block 2800). */
const bits = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const

interface Cell {
  /** Characters cover what ranks lower. */
  rank: number
  text: string
  /** Dots of a braille character, if it is one. */
  dots: number
  paint: Paint
}

/** A part of a terminal to draw on, with characters and with dots: 2 by 4 of them make a character. */
export class Grid {
  readonly columns: number
  readonly rows: number
  readonly #cells: Cell[][]

  constructor(columns: number, rows: number) {
    this.columns = columns
    this.rows = rows
    this.#cells = Array.from({ length: rows }, () =>
      Array.from({ length: columns }, () => ({ rank: 0, text: ' ', dots: 0, paint: '' })),
    )
  }

  /** Puts a character somewhere, unless what is there ranks higher. */
  put(column: number, row: number, text: string, rank: number, paint: Paint): void {
    const cell = this.#cells[row]?.[column]
    if (cell === undefined || cell.rank > rank) return
    Object.assign(cell, { text, rank, dots: 0, paint })
  }

  /** Puts a dot, counted in dots from the upper left corner. */
  dot(x: number, y: number, rank: number, paint: Paint): void {
    const cell = this.#cells[Math.floor(y / 4)]?.[Math.floor(x / 2)]
    if (cell === undefined || cell.rank > rank) return
    const dots = (cell.rank === rank ? cell.dots : 0) | (bits[x % 2]?.[y % 4] ?? 0)
    Object.assign(cell, { text: String.fromCodePoint(0x28_00 + dots), rank, dots, paint })
  }

  /** The rows as text, painted or not. */
  lines(isColored: boolean): string[] {
    return this.#cells.map((row) => {
      let line = ''
      let last: Paint = ''
      for (const { text, paint } of row) {
        if (isColored && paint !== last) line += paint === '' ? reset : `${last === '' ? '' : reset}\u001b[${paint}m`
        if (isColored) last = paint
        line += text
      }
      return last === '' ? line.trimEnd() : line + reset
    })
  }
}

const reset = '\u001b[0m'
