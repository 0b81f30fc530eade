import { stripVTControlCharacters } from 'node:util'
import { displayWidth } from './display-width.ts'
import { sizeOf, type TerminalStream } from './terminal.ts'

/** Lines at the bottom of the terminal that are drawn anew. */
export interface Part {
  /**
   * The lines as they are now.
   *
   * @param height lines that there is room for
   */
  lines(height: number): readonly string[]
  /** Lines that stay from now on, above all that is drawn anew; asked for once a frame, before the others. */
  settled?(): readonly string[]
}

/** ms between two frames, at least. */
const pace = 100

/**
 * The lower end of a terminal: lines that stay, and below them parts that are drawn anew in place. The cursor stays visible below them and
 * no mode of the terminal is changed, so that it is left clean by whatever ends the process.
 */
export class Screen {
  readonly #stream: TerminalStream
  readonly #parts: Part[] = []
  /** The lines that are drawn now, without colours. */
  #drawn: readonly string[] = []
  /** The terminal had so many columns then. */
  #columns = 0
  #timer: NodeJS.Timeout | undefined

  constructor(stream: TerminalStream) {
    this.#stream = stream
    stream.on('resize', this.changed)
    process.on('SIGCONT', this.#forget)
  }

  get columns(): number {
    return sizeOf(this.#stream).columns
  }

  get rows(): number {
    return sizeOf(this.#stream).rows
  }

  /** Adds a part below the others. */
  add(part: Part): void {
    this.#parts.push(part)
    this.changed()
  }

  /** Takes a part away, but for what it says stays. */
  remove(part: Part): void {
    const settled = part.settled?.() ?? []
    this.#parts.splice(this.#parts.indexOf(part), 1)
    this.frame(settled)
  }

  /** Something will look different: it is drawn soon. */
  readonly changed = (): void => {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      // A terminal that was stopped takes nothing; what it would show is out of date by then.
      if (this.#stream.writableNeedDrain) this.changed()
      else this.frame()
    }, pace).unref()
  }

  /** Draws everything as it is now, with lines above that stay. */
  frame(said: readonly string[] = []): void {
    const { columns, rows } = this
    const above = [...said, ...this.#parts.flatMap((part) => part.settled?.() ?? [])]
    // One line less, for the cursor.
    let room = rows - 1
    const parts: (readonly string[])[] = []
    // The lowest are the shortest, and have their room first.
    for (const part of this.#parts.toReversed()) {
      const lines = part.lines(room)
      room -= lines.length
      parts.unshift(lines)
    }
    const lines = parts.flat()
    if (lines.length === 0 && above.length === 0 && this.#drawn.length === 0) return
    const text = [...above, ...lines].map((line) => `${eraseLine}${line}\n`).join('')
    this.#stream.write(`${this.#toTop()}${text}${eraseBelow}`)
    this.#drawn = lines.map(stripVTControlCharacters)
    this.#columns = columns
  }

  /** Takes away what is drawn, for something else to be written in its place. */
  erase(): void {
    if (this.#drawn.length === 0) return
    this.#stream.write(`${this.#toTop()}${eraseBelow}`)
    this.#drawn = []
    this.changed()
  }

  /** Draws no more. What is drawn now is taken away. */
  close(): void {
    this.erase()
    clearTimeout(this.#timer)
    this.#stream.off('resize', this.changed)
    process.off('SIGCONT', this.#forget)
  }

  /** Where the first line that is drawn has come to. */
  #toTop(): string {
    const { columns, rows } = this
    // A terminal that got narrower has broken lines that were longer.
    const height = (line: string): number =>
      columns >= this.#columns ? 1 : Math.max(1, Math.ceil(displayWidth(line) / columns))
    const up = Math.min(
      rows - 1,
      this.#drawn.reduce((sum, line) => sum + height(line), 0),
    )
    return up === 0 ? '\r' : `\r\u001b[${up}A`
  }

  /** Who stopped the process has written on the terminal meanwhile. */
  readonly #forget = (): void => {
    this.#drawn = []
    this.changed()
  }
}

// Before the text: behind a line that is full it would take away the last character.
const eraseLine = '\u001b[K'
const eraseBelow = '\u001b[J'
