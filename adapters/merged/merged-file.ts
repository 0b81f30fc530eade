import { show } from '../../lib/errors.ts'
import { callbackError } from '../../lib/callback-error.ts'
import { noRecord, type Parser, Unparsable } from '../format/parser.ts'
import { type DeadLetter, deadLetter } from '../line/dead-letter.ts'
import { Line } from '../line/line.ts'
import { readingError } from '../line/line-chunks.ts'
import { LineSplitter } from '../line/line-splitter.ts'
import type { MergeInput } from './merge-queue.ts'
import { Refusal } from './refusal.ts'

const lineFeed = 0x0a
const nothing: Buffer = Buffer.alloc(0)
/** Bytes split into lines at once. */
const fewBytes = 4_096

/** How far a file has been read. */
export interface FilePosition {
  readonly path: string
  /** Names the file, whatever its path. */
  readonly id: string
  /** Bytes before the next line, as they are read: those of a compressed file decompressed. */
  readonly offset: number
  /** Lines before it. */
  readonly number: number
  /** Of the record before it, epoch ms, or what stands for it. */
  readonly time: number
  readonly hasEnded: boolean
  /** Bytes of it that are read: those that were there at first, however it grows. */
  readonly size: number
}

/** What is read of a file, and how. */
export interface FileToMerge<T> {
  readonly bytes: AsyncGenerator<Buffer>
  /** @param now the time of the record before the line */
  readonly parser: (now: () => number) => Parser<T>
  /** The first line, if it is not read any more: a parser may have to see it. */
  readonly head: Line | undefined
  readonly timeOf: (record: T) => number
  readonly maxLineBytes: number
  readonly from: FilePosition
}

/**
 * A file that is being merged with others, with the record it has to give next. Holds the piece of the file that this is in, and the
 * piece behind it.
 */
export class MergedFile<T> implements MergeInput {
  readonly order: number
  readonly #file: FileToMerge<T>
  readonly #parser: Parser<T>
  readonly #splitter: LineSplitter
  /** The next piece, which is read while the one before it is worked on. */
  #ahead: Promise<IteratorResult<Buffer>> | undefined
  #piece: Buffer = nothing
  /** How much of the piece has been split into lines. */
  #split = 0
  /** Lines of the piece at hand, those refused for their length in their places. */
  #items: readonly (Line | DeadLetter)[] = []
  #next = 0
  #refused: DeadLetter[] = []
  /** Of the record it has to give next. */
  time: number = -Infinity
  record: T | undefined
  /** The line that record is of. */
  #line: Line | undefined
  /** Of the last record before that. */
  #before: number
  hasEnded: boolean

  constructor(file: FileToMerge<T>, order: number) {
    const { path, offset, number, time, hasEnded } = file.from
    this.order = order
    this.#file = file
    this.#splitter = new LineSplitter(path, file.maxLineBytes, (line) => this.#refused.push(line), offset, number)
    this.#before = time
    this.hasEnded = hasEnded
    this.#parser = file.parser(() => this.#before)
    if (file.head !== undefined) this.#parser.parse(file.head)
  }

  get position(): FilePosition {
    const { path, id, size } = this.#file.from
    const { offset, number } = this.#nextLine()
    return { path, id, offset, number, time: this.#before, hasEnded: this.hasEnded, size }
  }

  /**
   * Goes on to the next record, as far as the piece at hand goes. What it refuses on the way is put among the values.
   *
   * @returns false if there is none in the piece at hand
   */
  advance(values: (T | Refusal)[]): boolean {
    if (this.#line !== undefined) this.#before = this.time
    this.#line = undefined
    while (this.#next < this.#items.length || this.#splitOn()) {
      const item = this.#items[this.#next++]
      if (!(item instanceof Line)) {
        if (item !== undefined) values.push(new Refusal(item))
        continue
      }
      const record = this.#parser.parse(item)
      if (record === noRecord) continue
      if (record instanceof Unparsable) values.push(new Refusal(deadLetter(item, record.reason)))
      else if (this.#give(record, item, values)) return true
    }
    return false
  }

  /** Begins to read, ahead of what is asked for. */
  prefetch(): void {
    if (this.hasEnded || this.#ahead !== undefined) return
    this.#ahead = this.#file.bytes.next()
    // Told when it is its turn.
    this.#ahead.catch(() => {})
  }

  /** Reads the next piece; when there is none, the file has ended. */
  async fill(): Promise<void> {
    this.prefetch()
    const next = await this.#read()
    this.#ahead = undefined
    if (next === undefined) {
      this.#take(this.#splitter.end())
      this.hasEnded = this.#items.length === 0
      return
    }
    this.#piece = next
    this.#split = 0
    this.prefetch()
  }

  async close(): Promise<void> {
    await this.#file.bytes.return(undefined)
  }

  async #read(): Promise<Buffer | undefined> {
    try {
      const next = await this.#ahead
      return next?.done === false ? next.value : undefined
    } catch (error) {
      throw readingError(error, this.#splitter, 'mergedRecords')
    }
  }

  /** Splits a few more lines off the piece at hand; false if there are none. All at once would be so many that they grow old, which is costly. */
  #splitOn(): boolean {
    while (this.#next >= this.#items.length) {
      const piece = this.#piece
      if (this.#split >= piece.length) return false
      const newline = piece.indexOf(lineFeed, this.#split + fewBytes)
      const end = newline < 0 ? piece.length : newline + 1
      this.#take(this.#splitter.push(piece.subarray(this.#split, end)))
      this.#split = end
    }
    return true
  }

  #take(lines: Line[]): void {
    this.#items = this.#refused.length === 0 ? lines : byNumber([...lines, ...this.#refused])
    this.#refused = []
    this.#next = 0
  }

  #give(record: T, line: Line, values: (T | Refusal)[]): boolean {
    const time = this.#timeOf(record)
    if (!Number.isSafeInteger(time)) {
      const reason = `expected an event time in whole milliseconds since the epoch, got ${show(time)}`
      values.push(new Refusal(deadLetter(line, reason)))
      return false
    }
    this.time = time
    this.record = record
    this.#line = line
    return true
  }

  #timeOf(record: T): number {
    try {
      return this.#file.timeOf(record)
    } catch (error) {
      throw callbackError(error, 'mergedRecords')
    }
  }

  /** Where the file is to be opened again. */
  #nextLine(): { readonly offset: number; readonly number: number } {
    const item = this.#line ?? this.#items[this.#next]
    if (item !== undefined) return { offset: item.offset, number: item.number - 1 }
    return { offset: this.#splitter.lineOffset, number: this.#splitter.number }
  }
}

function byNumber(items: (Line | DeadLetter)[]): (Line | DeadLetter)[] {
  return items.toSorted((a, b) => a.number - b.number)
}
