import { decode } from './codec.ts'
import type { OpenFile } from './files.ts'
import {
  type Frame,
  frameBytesOf,
  headerBytes,
  kinds,
  marker,
  prefixBytes,
  readCells,
  readCommit,
  readFrame,
} from './log-format.ts'
import type { Recovered } from './state-store.ts'

/** What a segment of a log holds. */
export interface LogContent {
  /** Undefined if there is no whole commit. */
  readonly recovered: Recovered | undefined
  /** How many whole commits there are. */
  readonly commits: number
  /** Bytes up to the end of the last whole commit, and in all. */
  readonly wholeBytes: number
  readonly bytes: number
  /** Of the cells that are there. */
  readonly liveBytes: number
  /**
   * Commits behind the last whole one were durable. Without it what follows is the rest of a commit that a crash broke off: at
   * most one can be unfinished, so a frame of the one after that proves the damage.
   */
  readonly isDamaged: boolean
}

type Table = Map<string, Buffer>

/** Reads a segment up to the first frame that is not whole, and applies its whole commits. */
export async function readLog(file: OpenFile): Promise<LogContent> {
  const bytes = await file.size()
  const frames = new FrameReader(file, bytes)
  const tables = new Map<string, Table>()
  let recovered: { readonly epoch: number; readonly meta: Uint8Array } | undefined
  let commits = 0
  let position = headerBytes
  let wholeBytes = headerBytes
  let pending: Buffer[] = []
  for (;;) {
    const frame = await frames.at(position)
    if (frame === undefined || frame.commit !== commits + 1) break
    position += frame.bytes
    if (frame.kind === kinds.cells) {
      pending.push(frame.body)
      continue
    }
    for (const cells of pending) readCells(cells, (table, key, value) => apply(tables, table, key, value))
    pending = []
    recovered = readCommit(frame.body)
    commits += 1
    wholeBytes = position
  }
  const isDamaged = await frames.isCommitBehind(position, commits + 2)
  return {
    recovered: recovered && { ...recovered, ...handedOut(tables) },
    commits,
    wholeBytes,
    bytes,
    liveBytes: liveBytesOf(tables),
    isDamaged,
  }
}

function apply(tables: Map<string, Table>, name: string, key: Buffer, value: Buffer | undefined): void {
  let table = tables.get(name)
  if (table === undefined) tables.set(name, (table = new Map()))
  // One code unit for each byte, so that texts are equal, and in order, as the bytes are.
  const text = key.toString('latin1')
  if (value === undefined) table.delete(text)
  else table.set(text, value)
}

function liveBytesOf(tables: ReadonlyMap<string, Table>): number {
  let bytes = 0
  for (const table of tables.values()) for (const [key, value] of table) bytes += key.length + value.length
  return bytes
}

/** A table is forgotten when it has been handed out. */
function handedOut(tables: Map<string, Table>): Pick<Recovered, 'tables' | 'cells'> {
  return {
    tables: () =>
      [...tables]
        .filter(([, cells]) => cells.size > 0)
        .map(([name]) => name)
        .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
    *cells(name) {
      const cells = tables.get(name)
      tables.delete(name)
      if (cells === undefined) return
      // By code units, which are the bytes.
      for (const key of [...cells.keys()].toSorted()) {
        const value = cells.get(key)
        if (value !== undefined) yield [decode(Buffer.from(key, 'latin1')), decode(value)]
      }
    },
  }
}

const windowBytes = 1 << 20

/** Reads frames through a window, since one after the other would be many small reads. */
class FrameReader {
  readonly #file: OpenFile
  readonly #size: number
  #window: Buffer = Buffer.alloc(0)
  #start = 0

  constructor(file: OpenFile, size: number) {
    this.#file = file
    this.#size = size
  }

  /** Undefined if there is no whole frame at the position. */
  async at(position: number): Promise<Frame | undefined> {
    const bytes = frameBytesOf(await this.#bytes(position, prefixBytes))
    if (bytes === undefined || position + bytes > this.#size) return undefined
    const frame = await this.#bytes(position, bytes)
    return frame.length < bytes ? undefined : readFrame(frame)
  }

  /** Whether there is a whole frame of a commit of that number or a later one from a position on. */
  async isCommitBehind(position: number, commit: number): Promise<boolean> {
    for (let from = position; from < this.#size;) {
      const bytes = await this.#bytes(from, Math.min(windowBytes, this.#size - from))
      const found = bytes.indexOf(marker)
      if (found < 0) {
        // A marker may lie across the end of what was looked at.
        from += Math.max(1, bytes.length - marker.length + 1)
        continue
      }
      const frame = await this.at(from + found)
      if (frame !== undefined && frame.commit >= commit) return true
      from += found + (frame?.bytes ?? 1)
    }
    return false
  }

  async #bytes(position: number, length: number): Promise<Buffer> {
    const offset = position - this.#start
    if (offset >= 0 && offset + length <= this.#window.length) return this.#window.subarray(offset, offset + length)
    // A buffer of its own each time: what is read stays in use.
    const bytes = await this.#file.read(position, Math.min(Math.max(length, windowBytes), this.#size - position))
    this.#window = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#start = position
    return this.#window.subarray(0, length)
  }
}
