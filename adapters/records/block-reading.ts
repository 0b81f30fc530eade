import { readSync } from 'node:fs'
import { type Parser, Unparsable } from '../format/parser.ts'
import { type DeadLetter, deadLetter } from '../line/dead-letter.ts'
import type { Line } from '../line/line.ts'
import { LineSplitter } from '../line/line-splitter.ts'
import type { Block, BlockLetter, ParsedBlock } from './block.ts'
import type { ColumnWriter } from './column-writer.ts'
import { formats, type Kernel, stops } from './kernel.ts'

const lineFeed = 0x0a
const mark = Buffer.from('\uFEFF')
/** Read before and behind the lines of a block, where the line before and the last one most likely end. */
const bytesBehind = 2 ** 12
/** The kernel counts in 32 bits; no line at hand is as long. */
const longestOfKernel = 2 ** 31 - 1

type AnyRecord = Readonly<Record<string, unknown>>

/** What a thread has to parse blocks with. */
export interface BlockTools {
  readonly kernel: Kernel
  readonly columns: ColumnWriter
  /** For the lines that the kernel leaves: the same records, and why there is none. */
  readonly parser: Parser<AnyRecord>
  readonly format: keyof typeof formats
  /** Where in the kernel's memory there is room for a chunk. */
  readonly input: number
  readonly chunkBytes: number
  readonly maxLineBytes: number
}

/** One block that is being read and parsed. */
export class BlockReading {
  readonly #tools: BlockTools
  readonly #descriptor: number
  readonly #block: Block
  readonly #bad: BlockLetter[] = []
  readonly #refused: DeadLetter[] = []
  /** All of the kernel's memory. */
  #bytes: Buffer

  constructor(tools: BlockTools, descriptor: number, block: Block) {
    this.#tools = tools
    this.#descriptor = descriptor
    this.#block = block
    this.#bytes = Buffer.from(tools.kernel.memory.buffer)
  }

  read(): ParsedBlock {
    const { start, end } = this.#block
    const first = start === 0 ? 0 : this.#firstLine()
    let offset = first
    while (offset < end) {
      const length = this.#readChunk(offset)
      // Of a byte order mark nobody takes notice.
      const at = offset === 0 && this.#chunk(length).subarray(0, mark.length).equals(mark) ? mark.length : 0
      // Lines begin before the end of the block, and end in the chunk.
      const until = Math.min(end - offset, this.#chunk(length).lastIndexOf(lineFeed) + 1)
      const next = until > at ? this.#parse(at, until, offset) : at
      const read = next > at ? next : this.#parseLong(offset)
      if (read === 0) break
      offset += read
    }
    const columns = this.#tools.columns.take()
    return { offset: first, lines: this.#linesOf(columns.rows), columns, bad: this.#bad, refused: this.#refused }
  }

  /** Where the first line of the block starts: behind the first line feed from the byte before the block on. */
  #firstLine(): number {
    const { start, end } = this.#block
    for (let offset = start - 1; offset < end;) {
      const length = this.#readChunk(offset, bytesBehind)
      const at = this.#chunk(length).indexOf(lineFeed)
      if (at >= 0) return offset + at + 1
      if (length === 0) break
      offset += length
    }
    return end
  }

  /** Reads on from an offset, a chunk unless the block or the file ends before. @returns bytes read */
  #readChunk(offset: number, most: number = this.#tools.chunkBytes): number {
    const { input, chunkBytes } = this.#tools
    const length = Math.min(most, chunkBytes, this.#block.end - offset + bytesBehind)
    let read = 0
    while (read < length) {
      const count = readSync(this.#descriptor, this.#memory(), input + read, length - read, offset + read)
      if (count === 0) break
      read += count
    }
    return read
  }

  /** The kernel parses lines of the chunk, from one index to another. @returns the index behind the last line */
  #parse(from: number, until: number, chunkOffset: number): number {
    const { kernel, columns, format, input, maxLineBytes } = this.#tools
    const longest = Math.min(maxLineBytes, longestOfKernel)
    let at = input + from
    for (;;) {
      const stop = kernel.read(formats[format], at, input + until, longest)
      at = kernel.next.value
      if (stop === stops.end) return at - input
      const bytes = this.#memory()
      if (stop === stops.full) columns.flush()
      else if (stop === stops.odd) {
        const end = bytes.indexOf(lineFeed, at) + 1
        this.#add(this.#splitter(chunkOffset + at - input).push(bytes.subarray(at, end)))
        at = end
      } else {
        const value = bytes.toString('utf8', kernel.oddInstant.value, kernel.oddInstantEnd.value)
        columns.setInstant(JSON.parse(value))
      }
    }
  }

  /** Parses a line that does not end in the chunk, or not with a line feed. @returns bytes of it */
  #parseLong(offset: number): number {
    const splitter = this.#splitter(offset)
    const { chunkBytes } = this.#tools
    let position = offset
    for (;;) {
      const length = readSync(this.#descriptor, this.#memory(), this.#tools.input, chunkBytes, position)
      const chunk = this.#chunk(length)
      const newline = chunk.indexOf(lineFeed)
      const end = newline < 0 ? length : newline + 1
      this.#add(length === 0 ? splitter.end() : splitter.push(chunk.subarray(0, end)))
      position += end
      if (length === 0 || newline >= 0) return position - offset
    }
  }

  #splitter(offset: number): LineSplitter {
    const lines = this.#linesOf(this.#tools.columns.rows)
    return new LineSplitter(
      this.#block.path,
      this.#tools.maxLineBytes,
      (line) => this.#refused.push(line),
      offset,
      lines,
    )
  }

  /** Adds what the parser makes of lines. */
  #add(lines: readonly Line[]): void {
    const { parser, columns } = this.#tools
    for (const line of lines) {
      const record = parser.parse(line)
      if (record instanceof Unparsable) this.#bad.push({ ...deadLetter(line, record.reason), row: columns.rows })
      // Parsers with a recipe make a record of every line that is not bad.
      else columns.add(record as AnyRecord)
    }
  }

  /** Each line became a row, or a letter of one kind or the other. */
  #linesOf(rows: number): number {
    return rows + this.#bad.length + this.#refused.length
  }

  /** All of the kernel's memory, which is elsewhere when it has grown. */
  #memory(): Buffer {
    const { buffer } = this.#tools.kernel.memory
    if (this.#bytes.buffer !== buffer) this.#bytes = Buffer.from(buffer)
    return this.#bytes
  }

  #chunk(length: number): Buffer {
    const { input } = this.#tools
    return this.#memory().subarray(input, input + length)
  }
}
