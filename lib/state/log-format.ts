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

/**
 * Yields the frames of a commit, each valid until the next is asked for.
 *
 * @param frameBytes a frame of cells is closed when it is larger
 */
export function* framesOf(
  cells: Iterable<Cell>,
  commit: { readonly number: number; readonly epoch: number; readonly meta: Uint8Array },
  frameBytes: number,
): Generator<Buffer> {
  const writer = new ByteWriter()
  let table: string | undefined
  begin(writer, commit.number, kinds.cells)
  for (const cell of cells) {
    if (cell.table !== table) {
      table = cell.table
      writer.uint(0)
      writer.text(table)
    }
    writer.uint(cell.key.length + 1)
    writer.uint(cell.value === undefined ? 0 : cell.value.length + 1)
    writer.bytes(cell.key)
    if (cell.value !== undefined) writer.bytes(cell.value)
    if (writer.length < frameBytes) continue
    yield sealed(writer)
    begin(writer, commit.number, kinds.cells)
    // Each frame says for itself whose cells it has.
    table = undefined
  }
  if (table !== undefined) yield sealed(writer)
  begin(writer, commit.number, kinds.commit)
  writer.uint(commit.epoch)
  writer.bytes(commit.meta)
  yield sealed(writer)
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
  writer.setUint32(checksum(writer.written()), 8)
  return writer.written()
}

/** Of a frame, whatever checksum it has. */
export function checksum(frame: Buffer): number {
  return crc32(frame.subarray(prefixBytes))
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

export function readCommit(body: Uint8Array): { readonly epoch: number; readonly meta: Uint8Array } {
  const reader = new ByteReader(body, 'log')
  const epoch = reader.uint()
  return { epoch, meta: reader.rest() }
}
