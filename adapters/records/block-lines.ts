import { closeSync, openSync, readSync } from 'node:fs'
import type { DeadLetter } from '../line/dead-letter.ts'
import type { Line } from '../line/line.ts'
import { LineSplitter } from '../line/line-splitter.ts'
import type { Block } from './block.ts'

const lineFeed = 0x0a
/** Read at once: what is parsed then is still in the processor's cache. */
const pieceBytes = 2 ** 18

/** Who takes the lines of a block. */
export interface LineTaker {
  /** Takes some that come one behind the other. Their bytes are overwritten with the next. */
  readonly lines: (lines: readonly Line[]) => void
  /** Takes one that is too long. */
  readonly refused: (line: DeadLetter) => void
}

/**
 * Makes a function that reads the lines that start in a block, and on behind its end until the last of them has ended. They are
 * numbered as if the file began with the block. Holds a piece of the block, and one line.
 *
 * @returns how many lines there were
 */
export function blockLines(maxLineBytes: number): (block: Block, taker: LineTaker) => number {
  const piece = Buffer.allocUnsafeSlow(pieceBytes)

  function read(descriptor: number, { path, start, end }: Block, { lines, refused }: LineTaker): number {
    // From the byte before, which tells whether a line starts with the block.
    let position = Math.max(0, start - 1)
    let splitter = start === 0 ? new LineSplitter(path, maxLineBytes, refused) : undefined
    for (;;) {
      const length = readSync(descriptor, piece, 0, pieceBytes, position)
      if (length === 0) break
      let bytes = piece.subarray(0, length)
      const begin = position
      position += length
      if (splitter === undefined) {
        const newline = bytes.indexOf(lineFeed)
        // No line starts in the block, if none has ended before its end.
        if (newline < 0 ? position >= end : begin + newline + 1 >= end) return 0
        if (newline < 0) continue
        splitter = new LineSplitter(path, maxLineBytes, refused, begin + newline + 1)
        bytes = bytes.subarray(newline + 1)
      }
      // The line that holds the last byte of the block is the last one.
      const last = position >= end ? bytes.indexOf(lineFeed, Math.max(0, end - 1 - splitter.offset)) : -1
      if (last >= 0) {
        lines(splitter.push(bytes.subarray(0, last + 1)))
        return splitter.number
      }
      lines(splitter.push(bytes))
    }
    if (splitter === undefined) return 0
    lines(splitter.end())
    return splitter.number
  }

  return (block, taker) => {
    const descriptor = openSync(block.path, 'r')
    try {
      return read(descriptor, block, taker)
    } finally {
      closeSync(descriptor)
    }
  }
}
