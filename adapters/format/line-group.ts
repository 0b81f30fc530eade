import type { KeyedCell } from '../../lib/checkpoint/saved-map.ts'
import type { Split } from '../../lib/split.ts'
import { Line } from '../line/line.ts'

const lineFeed = 0x0a

/** A group as it is written into checkpoints. */
interface SavedGroup {
  readonly order: number
  readonly lines: number
  readonly bytes: Uint8Array
  readonly number: number
  readonly offset: number
  readonly last: number
  readonly isFull: boolean
  /** The name of its split, if the next run has it too; null for a split that it has not. */
  readonly split: string | null | undefined
}

/** The lines of a record that is under way. */
export class LineGroup implements KeyedCell<string> {
  isChanged = false
  /** The source. */
  readonly key: string
  /** Numbers the groups as they are begun. */
  readonly order: number
  split: Split | undefined
  /** How many there are. */
  lines = 1
  /** Processing time of the last one. */
  seen: number
  /** All of them as one. */
  line: Line
  /** The number of the last one. */
  #last: number
  /** It has a buffer of its own, in which there may be room. */
  #isOwn = false
  #isFull = false
  /** The name of the split that it was of in the run before, and that has not been opened yet. */
  #awaited: string | undefined

  constructor(line: Line, order: number, split: Split | undefined, now: number) {
    this.key = line.source
    this.line = line
    this.order = order
    this.split = split
    this.seen = now
    this.#last = line.number
  }

  static load(source: string, saved: unknown, now: number): LineGroup {
    const { order, lines, bytes, number, offset, last, isFull, split } = saved as SavedGroup
    const line = new Line(Buffer.from(bytes), 0, bytes.length, source, number, offset)
    // Nothing more comes of a connection that was there in the run before.
    const group = new LineGroup(line, order, undefined, split === null ? -Infinity : now)
    group.lines = lines
    group.#last = last
    group.#isFull = isFull
    group.#awaited = split ?? undefined
    return group
  }

  save(): SavedGroup {
    const { line, order, lines, split } = this
    const { bytes, start, end, number, offset } = line
    const name = split === undefined ? this.#awaited : (split.id ?? null)
    // A copy, because it goes on.
    const copy = Uint8Array.from(bytes.subarray(start, end))
    return { order, lines, bytes: copy, number, offset, last: this.#last, isFull: this.#isFull, split: name }
  }

  /** Tells whether it is of a split, which may be the one that it was of in the run before. */
  isOf(split: Split | undefined): boolean {
    if (this.#awaited !== undefined && split?.id === this.#awaited) {
      this.split = split
      this.#awaited = undefined
    }
    return this.split === split && this.#awaited === undefined
  }

  /** Tells whether a line may be of the same record: of the same part of the source, and behind. */
  takes({ number }: Line, split: Split | undefined): boolean {
    // A file that has taken the place of another begins to count anew.
    return this.isOf(split) && number > this.#last
  }

  /** Something more of it may be at hand. */
  isWaiting(isAnyWaiting: boolean): boolean {
    if (this.seen === -Infinity) return false
    return this.#awaited !== undefined || (this.split?.isWaiting() ?? isAnyWaiting)
  }

  /** Adds a line; false if there is no room. */
  add(line: Line, maxBytes: number): boolean {
    const { bytes, start, end, source, number, offset } = this.line
    this.#last = line.number
    const length = end - start + 1 + line.end - line.start
    this.#isFull ||= length > maxBytes
    if (this.#isFull) return false
    this.lines += 1
    if (line.bytes === bytes && line.start === end + 1 && !this.#isOwn) {
      // One behind the other, with nothing but a line feed between them.
      this.line = new Line(bytes, start, line.end, source, number, offset)
      return true
    }
    const own = this.#isOwn && bytes.length >= length ? bytes : Buffer.allocUnsafeSlow(Math.min(2 * length, maxBytes))
    if (own !== bytes) bytes.copy(own, 0, start, end)
    own[end - start] = lineFeed
    line.bytes.copy(own, end - start + 1, line.start, line.end)
    this.line = new Line(own, 0, length, source, number, offset)
    this.#isOwn = true
    return true
  }
}
