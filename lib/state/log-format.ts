import { crc32 } from 'node:zlib'
import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import type { Cell } from './state-store.ts'

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
export interface CommitEnd {
  readonly epoch: number
  readonly meta: Uint8Array
}

/** Puts a commit into frames, each of them valid until more is asked for. */
export class CommitFrames {
  readonly #writer = new ByteWriter()
  readonly #number: number
  readonly #frameBytes: number
  /** That of the cell before in the same frame. */
  #table: string | undefined

  /** @param frameBytes a frame of cells is closed when it is larger */
  constructor(number: number, frameBytes: number) {
    this.#number = number
    this.#frameBytes = frameBytes
  }

  /** Adds a cell; gives a frame that is full. */
  add({ table, key, value }: Cell): Buffer | undefined {
    const writer = this.#writer
    // Each frame says for itself whose cells it has.
    if (this.#table === undefined) this.#begin(kinds.cells)
    if (table !== this.#table) {
      this.#table = table
      writer.uint(0)
      writer.text(table)
    }
    writer.uint(key.length + 1)
    writer.uint(value === undefined ? 0 : value.length + 1)
    writer.bytes(key)
    if (value !== undefined) writer.bytes(value)
    return writer.length < this.#frameBytes ? undefined : this.rest()
  }

  /** The frame of cells that is not full, if there is one. */
  rest(): Buffer | undefined {
    if (this.#table === undefined) return undefined
    this.#table = undefined
    return sealed(this.#writer)
  }

  /** The frame behind those of cells. */
  end({ epoch, meta }: CommitEnd): Buffer {
    this.#begin(kinds.commit)
    this.#writer.uint(epoch)
    this.#writer.bytes(meta)
    return sealed(this.#writer)
  }

  #begin(kind: number): void {
    const writer = this.#writer
    writer.clear()
    writer.bytes(marker)
    writer.uint32(0)
    writer.uint32(0)
    writer.uint32(this.#number)
    writer.byte(kind)
  }
}

/** Yields the frames of a commit, each valid until the next is asked for. */
export function* framesOf(
  cells: Iterable<Cell>,
  commit: CommitEnd & { readonly number: number },
  frameBytes: number,
): Generator<Buffer> {
  const frames = new CommitFrames(commit.number, frameBytes)
  for (const cell of cells) {
    const full = frames.add(cell)
    if (full !== undefined) yield full
  }
  const rest = frames.rest()
  if (rest !== undefined) yield rest
  yield frames.end(commit)
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
