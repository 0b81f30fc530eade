import { basename, dirname, join } from 'node:path'
import type { Line } from '../line/line.ts'
import { endMark } from './end-mark.ts'
import { type FileMark, type FilePrint, printBytes } from './file-mark.ts'
import { isRotatedName } from './rotated-name.ts'
import { Segment } from './segment.ts'
import { type FollowSettings, Succession } from './succession.ts'

/** How far a file that is followed by name has been read. Plain data, for checkpoints. */
export interface FollowedPosition {
  readonly path: string
  /** The files that have been the log and may have more, the oldest first. */
  readonly segments: readonly FileMark[]
  /** Those that have been read, the latest last. */
  readonly known: readonly FilePrint[]
  /** When what comes next was written to at the earliest, in µs since the epoch, if the segments do not say it. */
  readonly modified: number
  /** The id of a file that may have been cut off; empty if there is none. */
  readonly cutOff: string
}

/** What is to be read at once. Plain data. */
export interface PieceRange {
  /** Which of the segments. */
  readonly segment: number
  /** How many bytes; 0 for a line that was given before it had ended. */
  readonly bytes: number
  /** What the file holds up to behind them. */
  readonly print: FilePrint
}

/** Lines that were read at once, and how to read them once more. */
export interface Piece extends PieceRange {
  readonly lines: readonly Line[]
  /** Where they begin. */
  readonly from: FollowedPosition
}

/** A file that is followed by its name, whatever becomes of the one that had it. */
export class FollowedFile {
  readonly path: string
  /** What is open is read to its end, and nothing takes its place. */
  isFinal = false
  readonly #settings: FollowSettings
  readonly #succession: Succession
  /** How long a line is waited for that has begun, ms. */
  readonly #lineTimeout: number
  #position: FollowedPosition | undefined

  constructor(path: string, lineTimeout: number, settings: FollowSettings) {
    this.path = path
    this.#settings = settings
    this.#lineTimeout = lineTimeout
    this.#succession = new Succession(path, settings)
  }

  /** How far it has been read. The same object as long as nothing has changed. */
  get position(): FollowedPosition {
    const { known, modified, cutOff } = this.#succession
    const segments = this.#segments.map((segment) => segment.mark())
    const before = this.#position
    const isUnchanged = before?.known === known && before.modified === modified && before.cutOff === cutOff
    if (isUnchanged && isSame(before.segments, segments)) return before
    return (this.#position = { path: this.path, segments, known, modified, cutOff })
  }

  /** There is no file of that name, nor one that had it and may still be written to. */
  get isGone(): boolean {
    return this.#segments.length === 0
  }

  /** The folders in which something may happen to it. */
  get folders(): string[] {
    return [this.path, ...this.#segments.map((segment) => segment.path)].map((path) => dirname(path))
  }

  /** Whether what has changed at a path may be the file, or one that had its name. */
  isAt(path: string): boolean {
    if (path === join(this.path) || this.#segments.some((segment) => path === join(segment.path))) return true
    return dirname(path) === dirname(join(this.path)) && isRotatedName(basename(path), basename(this.path))
  }

  /** When the line under way is to be given as it is, epoch ms. */
  get deadline(): number {
    const waiting = this.#segments.filter(({ hasRest }) => hasRest)
    return Math.min(...waiting.map(({ grownAt }) => grownAt + this.#lineTimeout))
  }

  /** Has a file open. */
  holds(id: string | undefined): boolean {
    return this.#segments.some((segment) => segment.id === id)
  }

  /** Reads on in a file that another has open. */
  adopt(other: FollowedFile, id: string | undefined): void {
    const index = other.#segments.findIndex((segment) => segment.id === id)
    this.#segments.push(...other.#segments.splice(index, 1))
  }

  /** Begins with what is there, if it is: with its first line, or with the next one that ends. */
  async start(from: 'start' | 'end'): Promise<void> {
    const found = await this.#succession.open()
    if (found === undefined) return
    const mark = from === 'end' ? await endMark(found) : undefined
    this.#segments.push(new Segment(found, this.#settings, mark))
  }

  /**
   * Goes on where an earlier run has come to.
   *
   * @param range to be read once more
   * @returns the lines of that; none if they can't be had again
   */
  async resume(position: FollowedPosition, range?: PieceRange): Promise<readonly Line[] | undefined> {
    this.#succession.known = position.known
    this.#succession.modified = position.modified
    this.#succession.cutOff = position.cutOff
    let lines: readonly Line[] | undefined
    for (const [i, mark] of position.segments.entries()) {
      if (i === range?.segment) lines = await this.#resumePiece(mark, range)
      else this.#push(await this.#succession.resume(mark, mark))
    }
    return lines
  }

  /** The next lines that have been written; undefined if there are none yet. */
  async next(): Promise<Piece | undefined> {
    do {
      const piece = await this.#read()
      if (piece !== undefined) return piece
      if (!(await this.#succession.retire())) return this.#cut(0)
    } while (!this.isFinal && (await this.#succession.follow()))
    return undefined
  }

  /** Gives a line under way that was waited for long enough. */
  cut(): Piece | undefined {
    const longAgo = this.#settings.now() - this.#lineTimeout
    const index = this.#segments.findIndex(({ hasRest, grownAt }) => hasRest && grownAt <= longAgo)
    return index === -1 ? undefined : this.#cut(index)
  }

  async close(): Promise<void> {
    await this.#succession.close()
  }

  async #resumePiece(mark: FileMark, { print, bytes }: PieceRange): Promise<readonly Line[] | undefined> {
    const segment = await this.#succession.resume(mark, print)
    this.#push(segment)
    if (segment === undefined || bytes === 0) return segment?.cut()
    const read = await segment.next(bytes)
    if (read?.length === bytes && read.subarray(-print.tail.length).equals(print.tail.subarray(-bytes))) {
      return segment.take(read)
    }
    // It was cut off a moment ago.
    this.#segments.pop()
    await segment.file.close()
    return this.#resumePiece(mark, { segment: 0, print, bytes })
  }

  #push(segment: Segment | undefined): void {
    if (segment !== undefined) this.#segments.push(segment)
  }

  get #segments(): Segment[] {
    return this.#succession.segments
  }

  /** Reads on in the oldest file that has more. */
  async #read(): Promise<Piece | undefined> {
    for (let i = 0; i < this.#segments.length;) {
      const segment = this.#segments[i] as Segment
      const before = segment.mark()
      const bytes = await segment.next()
      // Of more bytes it is taken that they are not the same by chance.
      const isDoubtful = bytes !== undefined && before.offset < printBytes && before !== segment.mark()
      const copy = isDoubtful ? await this.#succession.copyOf(before, segment) : undefined
      if (bytes === undefined || copy !== undefined) {
        if (!(await this.#succession.replace(segment, copy))) return this.#cut(i)
        i = 0
      } else if (
        segment.isAgain &&
        (bytes.length > 0 || segment.hasStirred) &&
        (await this.#succession.precede(segment))
      ) {
        i = 0
      } else if (bytes.length === 0) {
        i += 1
      } else if (await this.#succession.hasMore(this.#segments.slice(0, i))) {
        // Whoever writes here has written there before.
        i = 0
      } else {
        const piece = this.#endBefore(i) ?? this.#take(i, bytes)
        if (piece.lines.length > 0) return piece
      }
    }
    return undefined
  }

  /** What an older file's last line lacks will not come, unless it goes on in the next one. */
  #endBefore(index: number): Piece | undefined {
    for (const [i, segment] of this.#segments.slice(0, index).entries()) {
      if (!segment.hasRest) continue
      if (!segment.isContinued) return this.#cut(i)
      segment.handOver(this.#segments[i + 1] as Segment)
    }
    return undefined
  }

  #take(segment: number, bytes: Buffer): Piece {
    const from = this.position
    const lines = (this.#segments[segment] as Segment).take(bytes)
    return { lines, from, segment, bytes: bytes.length, print: this.#printOf(segment) }
  }

  #cut(segment: number): Piece {
    const from = this.position
    const lines = (this.#segments[segment] as Segment).cut()
    return { lines, from, segment, bytes: 0, print: this.#printOf(segment) }
  }

  #printOf(segment: number): FilePrint {
    const { id, offset, head, tail } = (this.#segments[segment] as Segment).mark()
    return { id, offset, head, tail }
  }
}

function isSame(some: readonly FileMark[], others: readonly FileMark[]): boolean {
  return some.length === others.length && some.every((mark, i) => mark === others[i])
}
