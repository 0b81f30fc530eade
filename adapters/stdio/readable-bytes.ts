import type { Readable } from 'node:stream'
import { TidemarkError } from '../../lib/errors.ts'
import { arrivals } from '../node-stream/arrivals.ts'

/**
 * Yields the bytes of a Node stream, each piece as soon as it has arrived. Ends with the stream, or when `signal` is
 * aborted; then the stream is left paused and not destroyed, so that it keeps no process alive and what it still holds can
 * be read by others.
 *
 * @throws the stream's error, after all that arrived before it
 */
export async function* readableBytes(readable: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    for await (const [piece] of arrivals(readable, 1, signal)) yield toBuffer(piece, readable.readableEncoding)
  } finally {
    // Without effect before the stream has noticed, in the next tick, that nobody waits for `readable` any more.
    process.nextTick(() => readable.pause())
  }
}

function toBuffer(piece: unknown, encoding: BufferEncoding | null): Buffer {
  if (Buffer.isBuffer(piece)) return piece
  if (typeof piece === 'string') return Buffer.from(piece, encoding ?? 'utf8')
  if (piece instanceof Uint8Array) return Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
  throw new TidemarkError('input', `expected bytes from the stream, got ${typeof piece}`)
}
