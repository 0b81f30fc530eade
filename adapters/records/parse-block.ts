import { closeSync, openSync, readSync } from 'node:fs'
import { type DeadLetter, deadLetter } from '../line/dead-letter.ts'
import type { Line } from '../line/line.ts'
import { LineSplitter } from '../line/line-splitter.ts'
import { accessLogColumns } from './access-log-columns.ts'
import type { Block, BlockSettings, BlockLetter, ParsedBlock } from './block.ts'
import { ColumnWriter } from './columns.ts'

const lineFeed = 0x0a
/** Read at once behind the end of a block, to find the end of its last line. */
const tailBytes = 2 ** 16

/**
 * Makes a function that reads and parses the lines that start in a block. It reads on behind the block's end until the last
 * of them has ended. Holds the bytes of a block, one line, and the dictionaries of the columns.
 */
export function blockParser({ recipe, maxLineBytes }: BlockSettings): (block: Block) => ParsedBlock {
  let buffer = Buffer.alloc(0)
  const tail = Buffer.allocUnsafeSlow(tailBytes)
  const columns = new ColumnWriter(recipe.kinds)
  const parse = accessLogColumns(recipe, columns)

  function parseFrom(descriptor: number, { path, start, end }: Block): ParsedBlock {
    const bad: BlockLetter[] = []
    const refused: DeadLetter[] = []
    const add = (lines: readonly Line[]): void => {
      for (const line of lines) {
        const refusal = parse(line)
        if (refusal !== undefined) bad.push({ ...deadLetter(line, refusal.reason), row: columns.rows })
      }
    }

    // With the byte before, which tells whether a line starts with the block.
    const from = Math.max(0, start - 1)
    if (buffer.length < end - from) buffer = Buffer.allocUnsafeSlow(end - from)
    const bytes = buffer.subarray(0, readFully(descriptor, buffer, end - from, from))
    const first = start === 0 ? 0 : bytes.indexOf(lineFeed) + 1
    const splitter = new LineSplitter(path, maxLineBytes, (line) => refused.push(line), from + first)
    if (start === 0 || first > 0) {
      add(splitter.push(bytes.subarray(first)))
      let position = from + bytes.length
      let isOpen = bytes.at(-1) !== lineFeed
      while (isOpen) {
        const length = readSync(descriptor, tail, 0, tailBytes, position)
        const newline = tail.subarray(0, length).indexOf(lineFeed)
        add(length === 0 ? splitter.end() : splitter.push(tail.subarray(0, newline < 0 ? length : newline + 1)))
        isOpen = length > 0 && newline < 0
        position += length
      }
    }
    return { offset: from + first, lines: splitter.number, columns: columns.take(), bad, refused }
  }

  return (block) => {
    const descriptor = openSync(block.path, 'r')
    try {
      return parseFrom(descriptor, block)
    } finally {
      closeSync(descriptor)
    }
  }
}

/** Reads `length` bytes, or as many as there are. */
function readFully(descriptor: number, buffer: Buffer, length: number, position: number): number {
  let read = 0
  while (read < length) {
    const count = readSync(descriptor, buffer, read, length - read, position + read)
    if (count === 0) break
    read += count
  }
  return read
}
