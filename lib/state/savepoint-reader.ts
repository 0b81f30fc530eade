import { TidemarkError } from '../errors.ts'
import { crc32 } from './crc32.ts'
import type { Files, OpenFile } from './files.ts'
import {
  type CommitEnd,
  type Frame,
  frameBytesOf,
  kinds,
  prefixBytes,
  readCells,
  readCommit,
  readFrame,
} from './log-format.ts'
import { readSavepointHeader, savepointHeaderBytes, savepointVersion } from './savepoint-format.ts'
import { decode } from './codec.ts'
import type { WriteCell } from './state-store.ts'
import { orFail } from './store-failure.ts'

/** A savepoint that is whole. */
export interface Savepoint extends CommitEnd {
  /** Tells it from others. */
  readonly checksum: number
  /** Hands over all cells, as they are read from the file. */
  readonly cells: (write: WriteCell) => void
}

/**
 * Reads a savepoint, and hands it over if every byte of it is as it was written. Holds a frame in memory.
 *
 * @throws TidemarkError `checkpoint` for a file that is none, or not whole
 */
export async function readSavepoint<R>(
  path: string,
  files: Files,
  use: (savepoint: Savepoint) => Promise<R>,
): Promise<R> {
  return opened(path, files, async (file) => {
    const checksum = checksumIn(file, path)
    const size = await file.size()
    const end = verified(file, size, checksum, path)
    return use({ ...end, checksum, cells: (write) => cellsIn(file, size, path, write) })
  })
}

/**
 * What tells a savepoint from others, without reading all of it.
 *
 * @throws TidemarkError `checkpoint` for a file that is none
 */
export async function savepointChecksum(path: string, files: Files): Promise<number> {
  return opened(path, files, async (file) => checksumIn(file, path))
}

async function opened<R>(path: string, files: Files, use: (file: OpenFile) => Promise<R>): Promise<R> {
  return orFail(`savepoint: can't read '${path}'`, async () => {
    const file = await files.open(path, 'read')
    try {
      return await use(file)
    } finally {
      await file.close()
    }
  })
}

function checksumIn(file: OpenFile, path: string): number {
  const header = readSavepointHeader(file.readNow(0, savepointHeaderBytes))
  if (header === undefined) throw refusal('a savepoint', `something else in '${path}'`)
  const { version, checksum } = header
  if (version === savepointVersion) return checksum
  throw refusal(`a savepoint of version ${savepointVersion}`, `one of version ${version} in '${path}'`)
}

function verified(file: OpenFile, size: number, expected: number, path: string): CommitEnd {
  let checksum = 0
  let end: CommitEnd | undefined
  let bytes = savepointHeaderBytes
  for (const { frame, raw } of framesIn(file, size)) {
    checksum = crc32(raw, checksum)
    bytes += raw.length
    if (frame.kind !== kinds.commit) continue
    end = readCommit(frame.body)
    break
  }
  if (end !== undefined && bytes === size && checksum === expected) return end
  throw refusal('a whole savepoint', `'${path}', which is damaged or cut off behind byte ${bytes} of ${size}`)
}

function cellsIn(file: OpenFile, size: number, path: string, write: WriteCell): void {
  for (const { frame } of framesIn(file, size)) {
    if (frame.kind === kinds.commit) return
    readCells(frame.body, (table, key, value) => write(table, decode(key), value && decode(value)))
  }
  throw refusal('a savepoint that stays as it is', `'${path}', which changes while it is read`)
}

/** The frames up to the first that is not whole. */
function* framesIn(file: OpenFile, size: number): Generator<{ readonly frame: Frame; readonly raw: Buffer }> {
  for (let position = savepointHeaderBytes; ;) {
    const bytes = frameBytesOf(Buffer.from(file.readNow(position, prefixBytes)))
    if (bytes === undefined || position + bytes > size) return
    const raw = toBuffer(file.readNow(position, bytes))
    const frame = raw.length < bytes ? undefined : readFrame(raw)
    if (frame === undefined) return
    yield { frame, raw }
    position += bytes
  }
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}

function refusal(expected: string, got: string): TidemarkError {
  return new TidemarkError('checkpoint', `savepoint: expected ${expected}, got ${got}`)
}
