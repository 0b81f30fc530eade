import type { DeadLetter } from '../line/dead-letter.ts'
import { messageOf, TidemarkError } from '../../lib/errors.ts'
import { Line } from '../line/line.ts'
import type { Frame, Framing } from './frame.ts'
import type { Splitter } from './splitter.ts'

/** What tells the length of a frame may take so many bytes beside it. */
const headBytes = 256
const nothing = Buffer.alloc(0)

/**
 * Cuts the bytes of one connection into frames, however they are cut into chunks. A frame within one chunk is not copied. Holds at most
 * one frame that has not ended; one that is longer than `maxBytes` is passed over, and nothing of it is held.
 */
export class FrameSplitter implements Splitter {
  fault: string | undefined
  /** Where that is. */
  #faultAt: number | undefined
  readonly #source: string
  readonly #framing: Framing
  readonly #maxBytes: number
  readonly #refused: (line: DeadLetter) => void
  #number = 0
  /** Bytes taken. */
  #offset = 0
  /** What has not ended, in the first `#held` bytes. */
  #rest: Buffer = nothing
  #held = 0
  /** Nothing can end before so many bytes are there. */
  #needed = 0
  /** What is still to come of a frame that is passed over. */
  #skip = 0

  constructor(source: string, framing: Framing, maxBytes: number, refused: (line: DeadLetter) => void) {
    this.#source = source
    this.#framing = framing
    this.#maxBytes = maxBytes
    this.#refused = refused
  }

  get number(): number {
    return this.#number
  }

  get lineOffset(): number {
    return this.#faultAt ?? this.#offset - this.#held
  }

  get offset(): number {
    return this.#offset
  }

  push(bytes: Buffer): Line[] {
    this.#offset += bytes.length
    const skipped = Math.min(this.#skip, bytes.length)
    this.#skip -= skipped
    const fresh = skipped === 0 ? bytes : bytes.subarray(skipped)
    if (this.#held === 0) return this.#cut(fresh, false)
    this.#hold(fresh)
    return this.#held < this.#needed ? [] : this.#cut(this.#rest.subarray(0, this.#held), false)
  }

  end(): Line[] {
    return this.#held === 0 ? [] : this.#cut(this.#rest.subarray(0, this.#held), true)
  }

  /** @param bytes all there are, from the beginning of a frame on */
  #cut(bytes: Buffer, isEnd: boolean): Line[] {
    const lines: Line[] = []
    const base = this.#offset - bytes.length
    let at = 0
    this.#needed = 0
    while (at < bytes.length && this.fault === undefined) {
      const frame = this.#find(bytes, at, isEnd)
      if (frame === undefined) break
      const { start, end, next = end } = frame
      if (end - start > this.#maxBytes) {
        this.#refuse(base + start, end - start)
        this.#skip = Math.max(0, next - bytes.length)
      } else if (next > bytes.length) {
        this.#needed = next - at
        break
      } else {
        this.#number += 1
        lines.push(new Line(bytes, start, end, this.#source, this.#number, base + start))
      }
      at = Math.min(next, bytes.length)
    }
    if (this.fault !== undefined) this.#faultAt = base + at
    this.#keep(bytes, at)
    return lines
  }

  #find(bytes: Buffer, at: number, isEnd: boolean): Frame | undefined {
    try {
      const frame = this.#framing(bytes, at, isEnd)
      if (frame !== undefined) return checked(frame, at)
      if (bytes.length - at <= this.#maxBytes + headBytes) return undefined
      this.fault = `no end of a frame within ${this.#maxBytes} bytes`
    } catch (error) {
      this.fault = messageOf(error)
    }
    return undefined
  }

  #refuse(offset: number, byteLength: number): void {
    this.#number += 1
    const reason = `longer than ${this.#maxBytes} bytes`
    this.#refused({ source: this.#source, number: this.#number, offset, byteLength, reason })
  }

  #hold(bytes: Buffer): void {
    const length = this.#held + bytes.length
    if (length > this.#rest.length) {
      // Doubled, so that a frame which comes in many small chunks is copied twice at the most, on average.
      const larger = Buffer.allocUnsafeSlow(Math.max(this.#needed, 2 * length))
      this.#rest.copy(larger, 0, 0, this.#held)
      this.#rest = larger
    }
    bytes.copy(this.#rest, this.#held)
    this.#held = length
  }

  /** Lets go of what has been cut off, which lines may lie in. */
  #keep(bytes: Buffer, from: number): void {
    if (from === 0 && this.#held > 0) return
    this.#rest = nothing
    this.#held = 0
    if (from < bytes.length && this.fault === undefined) this.#hold(bytes.subarray(from))
  }
}

/** @throws TidemarkError `input` for what is no frame, which would be a defect of the function */
function checked(frame: Frame, at: number): Frame {
  const { start, end, next = end } = frame
  const isFrame = [start, end, next].every((index) => Number.isSafeInteger(index)) && next > at
  if (isFrame && start >= at && end >= start && next >= end) return frame
  throw new TidemarkError('input', `expected a frame behind ${at}, got ${start} to ${end}, the next at ${next}`)
}
