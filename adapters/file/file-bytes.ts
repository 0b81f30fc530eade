import { createReadStream, open as openDescriptor, type Stats } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { readableBytes } from '../stdio/readable-bytes.ts'
import { compressionOf, magicBytes } from './compression.ts'
import { decompressedBytes, skip } from './decompressed-bytes.ts'

/**
 * Yields the bytes of a file, those of a gzip or zstd file decompressed, in pieces of `chunkBytes` at most. Each piece is its
 * receiver's to keep. Holds a descriptor until the end, and one piece.
 *
 * @param offset bytes to pass over; of a compressed file they are read all the same, and of a pipe or a device not passed over
 * @param end bytes of the file to read, those of a compressed one compressed
 *
 * A pipe that has a name (`mkfifo`, or `<(...)` of a shell) or a device is read as a stream, and never decompressed.
 */
export async function* fileBytes(
  path: string,
  chunkBytes: number,
  signal: AbortSignal,
  offset = 0,
  end: number = Infinity,
): AsyncGenerator<Buffer> {
  const stats = await stat(path)
  if (!stats.isFile()) {
    yield* streamBytes(await openStream(path, stats), signal)
    return
  }
  const file = await open(path)
  try {
    const compression = compressionOf(await firstBytes(file))
    if (compression !== undefined) {
      const pieceBytes = Math.min(chunkBytes, mostCompressedBytes)
      yield* skip(
        offset,
        decompressedBytes(compression, () => plainBytes(file, pieceBytes, 0, end), chunkBytes),
      )
    } else {
      yield* plainBytes(file, chunkBytes, offset, end)
    }
  } finally {
    await file.close()
  }
}

async function firstBytes(file: FileHandle): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(magicBytes), 0, magicBytes, 0)
  return buffer.subarray(0, bytesRead)
}

/** Larger pieces of a compressed file make it no faster, and the search for the place of a damage slower. */
const mostCompressedBytes = 32 * 1024

/** From an offset on, wherever the file has been read before. */
async function* plainBytes(file: FileHandle, chunkBytes: number, offset: number, end: number): AsyncGenerator<Buffer> {
  let position = offset
  while (position < end) {
    // Not from the pool, nor the same again: a `Line` keeps the buffer it lies in.
    const buffer = Buffer.allocUnsafeSlow(chunkBytes)
    const { bytesRead } = await file.read(buffer, 0, Math.min(chunkBytes, end - position), position)
    if (bytesRead === 0) return
    position += bytesRead
    yield bytesRead === chunkBytes ? buffer : buffer.subarray(0, bytesRead)
  }
}

async function* streamBytes(stream: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    yield* readableBytes(stream, signal)
  } finally {
    stream.destroy()
  }
}

/** A read of a file that waits for a writer can't be called off and holds up the end of the process; one of a socket can. */
async function openStream(path: string, stats: Stats): Promise<Readable> {
  if (!stats.isFIFO()) return createReadStream(path)
  const { Socket } = await import('node:net')
  return new Socket({ fd: await promisify(openDescriptor)(path, 'r'), readable: true, writable: false })
}
