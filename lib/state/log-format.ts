import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import { encodeTo } from './codec.ts'
import { crc32 } from './crc32.ts'
import type { Commit, WriteCell } from './state-store.ts'
import { ValueWriter } from './value-writer.ts'

// A segment is a header and frames, a commit the frames up to one of kind `commit`. See docs/decisions for the reasons.
//
// header   magic (8 bytes), version (4)
// frame    marker (4), length of what follows the checksum (4), checksum of that (4), commit (4), kind (1), ...
// cells    for each: length of the key + 1, length of the value + 1 or 0 if it is gone, key, value; or 0 and a table's name,
//          before the first of its cells
// commit   epoch, meta

const magic = Buffer.from('tidemark', 'latin1')
export const headerBytes = 12
export const version = 1

export const marker: Buffer = Buffer.from([0xf1, 0x7d, 0xe3, 0x0a])
/** Marker, length and checksum. */
export const prefixBytes = 12
export const kinds = { cells: 1, commit: 2 } as const

export function header(): Buffer {
  const bytes = Buffer.alloc(headerBytes)
  magic.copy(bytes)
  bytes.writeUInt32LE(version, 8)
  return bytes
}

/** The version of a segment, `undefined` if it is none. */
export function versionOf(bytes: Uint8Array): number | undefined {
  if (bytes.length < headerBytes) return undefined
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  return buffer.subarray(0, 8).equals(magic) ? buffer.readUInt32LE(8) : undefined
}

/** What a commit has beside its cells. */
export type CommitEnd = Pick<Commit, 'epoch' | 'meta'>

/** Puts the cells of a commit into frames. */
export class FrameWriter {
  readonly #commit: number
  readonly #frameBytes: number
  readonly #take: (frame: Buffer) => void
  readonly #frames: Buffer[] = []
  readonly #frame = new ByteWriter()
  readonly #cell = new ValueWriter()
  /** Whose cells the frame has at its end; each frame says for itself. */
  #table: string | undefined

  /**
   * @param commit its number
   * @param frameBytes a frame of cells is closed when it is larger
   * @param take gets each frame of cells that is full, at once, and keeps nothing of it; unless given, they are kept to the end
   */
  constructor(commit: number, frameBytes: number, take?: (frame: Buffer) => void) {
    this.#commit = commit
    this.#take = take ?? ((frame) => void this.#frames.push(Buffer.from(frame)))
    this.#frameBytes = frameBytes
    begin(this.#frame, commit, kinds.cells)
  }

  readonly write: WriteCell = (table, key, value) => {
    const frame = this.#frame
    const cell = this.#cell
    cell.clear()
    encodeTo(cell, key)
    const keyBytes = cell.bytes.length
    if (value !== undefined) encodeTo(cell, value)
    if (table !== this.#table) {
      this.#table = table
      frame.uint(0)
      frame.text(table)
    }
    const bytes = cell.bytes.length
    frame.uint(keyBytes + 1)
    frame.uint(value === undefined ? 0 : bytes - keyBytes + 1)
    frame.bytesOf(cell.bytes, 0, bytes)
    if (frame.length >= this.#frameBytes) this.#close()
  }

  /** The frames of all the cells and the one that ends the commit. */
  finished({ epoch, meta }: CommitEnd): readonly Buffer[] {
    if (this.#table !== undefined) this.#close()
    const frame = this.#frame
    begin(frame, this.#commit, kinds.commit)
    frame.uint(epoch)
    frame.bytes(meta)
    return [...this.#frames, sealed(frame)]
  }

  #close(): void {
    this.#take(sealed(this.#frame))
    begin(this.#frame, this.#commit, kinds.cells)
    this.#table = undefined
  }
}

function begin(writer: ByteWriter, commit: number, kind: number): void {
  writer.clear()
  writer.bytes(marker)
  writer.uint32(0)
  writer.uint32(0)
  writer.uint32(commit)
  writer.byte(kind)
}

function sealed(writer: ByteWriter): Buffer {
  writer.setUint32(writer.length - prefixBytes, 4)
  writer.setUint32(crc32(writer.written().subarray(prefixBytes)), 8)
  return writer.written()
}

/** A whole frame. */
export interface Frame {
  readonly commit: number
  readonly kind: number
  readonly body: Buffer
  /** Of all of it. */
  readonly bytes: number
}

/** How long a frame is that begins so; `undefined` if none does. */
export function frameBytesOf(prefix: Buffer): number | undefined {
  if (prefix.length < prefixBytes || !prefix.subarray(0, marker.length).equals(marker)) return undefined
  const length = prefix.readUInt32LE(4)
  return length < 5 ? undefined : prefixBytes + length
}

/** Reads the bytes of a frame; `undefined` if they are not what was written. */
export function readFrame(frame: Buffer): Frame | undefined {
  if (crc32(frame.subarray(prefixBytes)) !== frame.readUInt32LE(8)) return undefined
  return { commit: frame.readUInt32LE(12), kind: frame.readUInt8(16), body: frame.subarray(17), bytes: frame.length }
}

/** Calls back with each cell of a frame. */
export function readCells(
  body: Uint8Array,
  each: (table: string, key: Buffer, value: Buffer | undefined) => void,
): void {
  const reader = new ByteReader(body, 'log')
  let table = ''
  while (!reader.isAtEnd) {
    const keyBytes = reader.uint()
    if (keyBytes === 0) {
      table = reader.text()
      continue
    }
    const valueBytes = reader.uint()
    const key = reader.bytes(keyBytes - 1)
    each(table, key, valueBytes === 0 ? undefined : reader.bytes(valueBytes - 1))
  }
}

export function readCommit(body: Uint8Array): CommitEnd {
  const reader = new ByteReader(body, 'log')
  const epoch = reader.uint()
  return { epoch, meta: reader.rest() }
}
