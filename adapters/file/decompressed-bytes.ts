import type { Compression } from './compression.ts'
import { messageOf, TidemarkError } from '../../lib/errors.ts'
import { Bell } from '../line/bell.ts'

/**
 * Decompresses gzip or zstd, all members or frames one after the other, as `cat a.gz b.gz` makes them. Holds one compressed piece
 * and one of `chunkBytes` that came of it.
 *
 * @param open starts to yield the compressed bytes, from the first
 * @throws TidemarkError `input` for data that is cut off or damaged, after all that can be decompressed before it
 */
export async function* decompressedBytes(
  compression: Compression,
  open: () => AsyncIterable<Buffer>,
  chunkBytes: number,
): AsyncGenerator<Buffer> {
  let taken = 0
  let given = 0
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const piece of open()) {
      yield piece
      taken += piece.length
    }
  }
  try {
    for await (const piece of decompress(compression, counted(), chunkBytes)) {
      given += piece.length
      yield piece
    }
  } catch (error) {
    if (!isDamage(error)) throw error
    // zlib throws away what it decompressed in the step that meets the damage. So that no line before it is lost, start
    // again, and go through the compressed piece at fault byte by byte.
    yield* skip(given, decompress(compression, singleBytes(taken, open()), chunkBytes))
    throw error
  }
}

/** zlib gets a piece only when all that came of the one before has been taken: an error would throw away what waits. */
async function* decompress(
  { name, create }: Compression,
  compressed: AsyncIterable<Buffer>,
  chunkBytes: number,
): AsyncGenerator<Buffer> {
  const decompressor = create({ chunkSize: Math.max(leastStep, chunkBytes) })
  const change = new Bell()
  for (const event of ['readable', 'end', 'error']) decompressor.on(event, change.ring)
  async function* output(isDone: () => boolean): AsyncGenerator<Buffer> {
    for (;;) {
      const piece: unknown = decompressor.read()
      const error = decompressor.errored
      if (Buffer.isBuffer(piece)) yield piece
      else if (error !== null) throw new TidemarkError('input', `${name}: ${messageOf(error)}`, { cause: error })
      else if (isDone()) return
      else await change.rung()
    }
  }
  try {
    for await (const piece of compressed) {
      decompressor.write(piece, change.ring)
      yield* output(() => decompressor.writableLength === 0)
    }
    decompressor.end()
    yield* output(() => decompressor.readableEnded)
  } finally {
    decompressor.destroy()
  }
}

/** zlib takes no smaller one. */
const leastStep = 64

const damages = /^(?:Z_DATA_ERROR$|ZSTD_)/

function isDamage(error: unknown): boolean {
  if (!(error instanceof TidemarkError)) return false
  return error.cause instanceof Error && 'code' in error.cause && damages.test(String(error.cause.code))
}

/** What comes behind the first `count` bytes. */
export async function* skip(count: number, pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let left = count
  for await (const piece of pieces) {
    if (piece.length > left) yield piece.subarray(left)
    left = Math.max(0, left - piece.length)
  }
}

/** Cuts what comes behind `from` into pieces of one byte. */
async function* singleBytes(from: number, pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let position = 0
  for await (const piece of pieces) {
    position += piece.length
    if (position <= from) yield piece
    else for (let i = 0; i < piece.length; i++) yield piece.subarray(i, i + 1)
  }
}
