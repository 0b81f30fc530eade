import type { DeadLetter } from './dead-letter.ts'
import { Line } from './line.ts'

/** 1 MiB: the longest line unless said otherwise. */
export const defaultMaxLineBytes: number = 2 ** 20

const lineFeed = 0x0a
const carriageReturn = 0x0d
/** Bytes of a byte order mark in UTF-8. */
const markBytes = 3
const nothing = Buffer.alloc(0)

/**
 * Splits the bytes of one source into lines, however they are cut into chunks. A line ends with LF or CRLF; a CR elsewhere
 * belongs to the line, and so does a byte order mark anywhere but at the very start, where it is dropped. The last line
 * needs no ending.
 *
 * A line that lies within one chunk is not copied. What the end of a chunk cuts off is: at most `maxLineBytes` and a byte
 * order mark are held, until the line has ended. Of a longer line the rest is skipped, and `refused` is told when it has
 * ended.
 */
export class LineSplitter {
  readonly source: string
  readonly #maxLineBytes: number
  readonly #refused: (line: DeadLetter) => void
  /** Lines handed out or refused. */
  #number = 0
  /** Offset in the source of the next chunk. */
  #offset: number
  /** The line that the chunks so far have not ended: its first bytes, as many as may be held. */
  #rest: Buffer = nothing
  /** The whole length of that line so far. */
  #restBytes = 0
  #restLast = 0

  /**
   * @param source for the lines: the file's path as it was given, or `stdin`
   * @param maxLineBytes without the line ending
   * @param offset where in the source the first line starts
   * @param number lines before that
   */
  constructor(source: string, maxLineBytes: number, refused: (line: DeadLetter) => void, offset = 0, number = 0) {
    this.source = source
    this.#maxLineBytes = maxLineBytes
    this.#refused = refused
    this.#offset = offset
    this.#number = number
  }

  /** Lines handed out or refused so far. */
  get number(): number {
    return this.#number
  }

  /** Where the line starts that has not ended. */
  get lineOffset(): number {
    return this.#offset - this.#restBytes
  }

  /** Bytes taken so far. */
  get offset(): number {
    return this.#offset
  }

  /** What is held of the line that has not ended. It is not changed any more. */
  get rest(): Buffer {
    return this.#rest.subarray(0, Math.min(this.#restBytes, this.#maxLineBytes + markBytes))
  }

  /**
   * Goes on in the midst of a line, before the first bytes are taken.
   *
   * @param rest what was held of it
   * @param restBytes its whole length so far
   */
  resume(rest: Uint8Array, restBytes: number): void {
    this.#rest = Buffer.from(rest)
    this.#restBytes = restBytes
    this.#restLast = rest.at(-1) ?? 0
  }

  /** Takes the next bytes, which must not be changed any more, and returns the lines that end in them. */
  push(bytes: Buffer): Line[] {
    const lines: Line[] = []
    const base = this.#offset
    let start = 0
    let newline = bytes.indexOf(lineFeed)
    if (newline >= 0 && this.#restBytes > 0) {
      this.#hold(bytes, 0, newline)
      this.#release(lines, base + newline, true)
      start = newline + 1
      newline = bytes.indexOf(lineFeed, start)
    }
    while (newline >= 0) {
      const end = newline > start && bytes[newline - 1] === carriageReturn ? newline - 1 : newline
      this.#add(lines, bytes, start, end, base + start)
      start = newline + 1
      newline = bytes.indexOf(lineFeed, start)
    }
    this.#hold(bytes, start, bytes.length)
    this.#offset = base + bytes.length
    return lines
  }

  /** Returns the last line, if it had no ending. */
  end(): Line[] {
    const lines: Line[] = []
    const isBareMark =
      this.#offset === markBytes && this.#restBytes === markBytes && startsWithMark(this.#rest, 0, markBytes)
    if (this.#restBytes > 0 && !isBareMark) this.#release(lines, this.#offset, false)
    return lines
  }

  /** The line is `bytes` from `start` to `end`; of one that is too long, the first bytes are there. */
  #add(lines: Line[], bytes: Buffer, start: number, end: number, offset: number): void {
    const { source } = this
    const mark = offset === 0 && startsWithMark(bytes, start, end) ? markBytes : 0
    this.#number += 1
    const byteLength = end - start - mark
    if (byteLength <= this.#maxLineBytes) {
      lines.push(new Line(bytes, start + mark, end, source, this.#number, offset + mark))
      return
    }
    const reason = `longer than ${this.#maxLineBytes} bytes`
    this.#refused({ source, number: this.#number, offset: offset + mark, byteLength, reason })
  }

  /** Copies what belongs to the line under way, as far as it may be held. */
  #hold(bytes: Buffer, start: number, end: number): void {
    if (start === end) return
    const limit = this.#maxLineBytes + markBytes
    const held = Math.min(this.#restBytes, limit)
    const needed = Math.min(this.#restBytes + end - start, limit)
    if (needed > this.#rest.length) {
      // Doubled, so that a line which comes in many small chunks is copied twice at the most, on average.
      const larger = Buffer.allocUnsafeSlow(Math.min(2 * needed, limit))
      this.#rest.copy(larger, 0, 0, held)
      this.#rest = larger
    }
    bytes.copy(this.#rest, held, start, start + needed - held)
    this.#restBytes += end - start
    this.#restLast = bytes[end - 1] ?? 0
  }

  /** The line under way has ended, right before `offset`. */
  #release(lines: Line[], offset: number, hasNewline: boolean): void {
    const rest = this.#rest
    const start = offset - this.#restBytes
    const length = hasNewline && this.#restLast === carriageReturn ? this.#restBytes - 1 : this.#restBytes
    this.#rest = nothing
    this.#restBytes = 0
    this.#add(lines, rest, 0, length, start)
  }
}

function startsWithMark(bytes: Buffer, from: number, end: number): boolean {
  return end - from >= markBytes && bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf
}
