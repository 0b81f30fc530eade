import type { Line } from '../line/line.ts'
import type { DeadLetter } from '../line/dead-letter.ts'
import { LineSplitter } from '../line/line-splitter.ts'
import { type FileMark, printBytes } from './file-mark.ts'
import type { FileStatus, TailedFile } from './tailed-files.ts'

/** How files are read. */
export interface SegmentSettings {
  /** For the lines: the path that is followed. */
  readonly source: string
  readonly maxLineBytes: number
  readonly chunkBytes: number
  readonly refused: (line: DeadLetter) => void
  readonly now: () => number
}

/** A file to be read. */
export interface FoundFile {
  readonly file: TailedFile
  readonly id: string
  /** Where it is, behind symbolic links. */
  readonly path: string
  readonly modified: number
  readonly born: number
}

const nothing = new Uint8Array()
const noBytes = Buffer.alloc(0)
const carriageReturn = 0x0d

/** A file that is being read, from some place on. Holds it open, what was read last, and one line that has not ended. */
export class Segment {
  readonly id: string
  /** When something was last read, epoch ms. */
  grownAt: number
  /** Since when another one is in its place and nothing was read. */
  quietSince: number
  readonly #found: FoundFile
  readonly #settings: SegmentSettings
  readonly #splitter: LineSplitter
  #modified: number
  #head: Uint8Array
  #tail: Uint8Array
  #cutAt: number
  #isContinued: boolean
  #mark: FileMark | undefined
  /** What has been read and not taken. */
  #ahead: Buffer = noBytes
  /** When the file had been written to when that was read. */
  #aheadModified = 0
  #isAgain = false
  /** As they were seen last. */
  #size = 0
  #seen = -Infinity

  /** @param from where to begin; at the start unless given */
  constructor(found: FoundFile, settings: SegmentSettings, from?: FileMark) {
    const { source, maxLineBytes, refused } = settings
    this.id = found.id
    this.grownAt = this.quietSince = settings.now()
    this.#found = found
    this.#settings = settings
    this.#modified = from?.modified ?? found.modified
    this.#head = from?.head ?? nothing
    this.#tail = from?.tail ?? nothing
    this.#cutAt = from?.cutAt ?? -1
    this.#isContinued = from?.isContinued ?? false
    this.#splitter = new LineSplitter(source, maxLineBytes, refused, from?.offset, from?.number)
    if (from !== undefined) this.#splitter.resume(from.rest, from.restBytes)
  }

  /** What follows it is what its file holds since it was cut off: a line may begin here and end there. */
  get isContinued(): boolean {
    return this.#isContinued
  }

  set isContinued(isContinued: boolean) {
    this.#isContinued = isContinued
    this.#mark = undefined
  }

  get file(): TailedFile {
    return this.#found.file
  }

  /** Where it was when it was opened, behind symbolic links. */
  get path(): string {
    return this.#found.path
  }

  /** It was cut off, and nothing has been read of it since. */
  get isAgain(): boolean {
    return this.#isAgain && this.offset === 0
  }

  /** It was written to since it was known what came before it, or cut off once more. */
  get hasStirred(): boolean {
    return this.#seen !== this.#modified
  }

  /** @param modified up to when it is known what came before it, in µs since the epoch */
  settle(modified: number): void {
    this.#setModified(modified)
  }

  /** A line is under way. The first half of the ending of one that was cut is none. */
  get hasRest(): boolean {
    const { lineOffset, rest } = this.#splitter
    return rest.length > 0 && !(lineOffset === this.#cutAt && rest.length === 1 && rest[0] === carriageReturn)
  }

  /** Bytes that have been read. */
  get offset(): number {
    return this.#splitter.offset
  }

  /** What the file system says of it now: a file that has shrunk since was cut off. */
  async status(): Promise<FileStatus> {
    const status = await this.file.status()
    this.#size = status.size
    this.#seen = status.modified
    return status
  }

  /** Where reading stands. */
  mark(): FileMark {
    return (this.#mark ??= {
      id: this.id,
      path: this.#found.path,
      modified: this.#modified,
      born: this.#found.born,
      offset: this.offset,
      head: this.#head,
      tail: this.#tail,
      number: this.#splitter.number,
      rest: plain(this.#splitter.rest),
      restBytes: this.#splitter.offset - this.#splitter.lineOffset,
      cutAt: this.#cutAt,
      isContinued: this.#isContinued,
    })
  }

  /**
   * The bytes that come next, none at the end. They are the same until they are taken.
   *
   * @returns undefined if the file does not hold any more what was read of it
   */
  async next(most: number = this.#settings.chunkBytes): Promise<Buffer | undefined> {
    if (this.#ahead.length > 0) return this.#ahead
    const before = this.#size
    const { size, modified } = await this.status()
    const { offset } = this
    if (size < offset || (size < before && before < Infinity)) return undefined
    if (size === offset && modified === this.#modified) return noBytes
    const known = this.#tail.length
    const bytes = await this.file.read(offset - known, known + Math.min(size - offset, most))
    if (!bytes.subarray(0, known).equals(this.#tail)) return undefined
    this.#ahead = bytes.subarray(known)
    this.#aheadModified = modified
    // Of a file of which nothing has been taken, what comes before it is looked for since the time that is known of it.
    if (offset > 0) this.#setModified(modified)
    return this.#ahead
  }

  /** Takes bytes that come next, and gives the lines that end in them. */
  take(bytes: Buffer): Line[] {
    const lacking = printBytes - this.#head.length
    if (lacking > 0) this.#head = joined(this.#head, bytes.subarray(0, lacking))
    this.#tail = joined(this.#tail, bytes.subarray(-printBytes)).slice(-printBytes)
    this.grownAt = this.quietSince = this.#settings.now()
    this.#mark = undefined
    this.#ahead = noBytes
    this.#setModified(this.#aheadModified)
    const start = this.#splitter.lineOffset
    const lines = this.#splitter.push(bytes)
    const [first] = lines
    // The ending of a line that was given without it.
    if (start === this.#cutAt && first !== undefined && first.start === first.end && first.offset === start)
      lines.shift()
    return lines
  }

  /** Gives the line under way as it is. What follows is a line of its own. */
  cut(): Line[] {
    const lines = this.#splitter.end()
    this.#cutAt = this.offset
    this.#mark = undefined
    return lines
  }

  /**
   * The same file from its start.
   *
   * @param modified when what it has held since was written at the earliest, in µs since the epoch
   */
  again(modified: number): Segment {
    const segment = new Segment({ ...this.#found, modified }, this.#settings)
    segment.#size = this.#size
    segment.#isAgain = true
    return segment
  }

  /** Hands the line under way to what comes next. */
  handOver(next: Segment): void {
    const { rest, restBytes } = this.mark()
    next.#splitter.resume(rest, restBytes)
    next.#mark = undefined
    this.#splitter.resume(nothing, 0)
    this.#mark = undefined
  }

  #setModified(modified: number): void {
    if (modified === this.#modified) return
    this.#modified = modified
    this.#mark = undefined
  }
}

/** What checkpoints take. */
function plain({ buffer, byteOffset, length }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length)
}

function joined(bytes: Uint8Array, more: Uint8Array): Uint8Array {
  const all = new Uint8Array(bytes.length + more.length)
  all.set(bytes)
  all.set(more, bytes.length)
  return all
}
