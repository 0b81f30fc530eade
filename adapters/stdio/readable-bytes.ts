import type { Readable } from 'node:stream'
import { TidemarkError } from '../../lib/errors.ts'
import { Bell } from './bell.ts'

/**
 * Yields the bytes of a Node stream, each piece as soon as it has arrived. Ends with the stream, or when `signal` is
 * aborted; then the stream is left paused and not destroyed, so that it keeps no process alive and what it still holds can
 * be read by others.
 *
 * @throws the stream's error, after all that arrived before it
 */
export async function* readableBytes(readable: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
  const change = new Bell()
  for (const name of changes) readable.on(name, change.ring)
  signal.addEventListener('abort', change.ring)
  try {
    while (!signal.aborted) {
      const piece: unknown = readable.read()
      if (piece !== null) yield toBuffer(piece, readable.readableEncoding)
      else if (readable.errored instanceof Error) throw readable.errored
      else if (readable.readableEnded) return
      else if (readable.destroyed)
        throw new TidemarkError('input', 'expected the end of the stream, got its destruction')
      else await change.rung()
    }
  } finally {
    for (const name of changes) readable.off(name, change.ring)
    signal.removeEventListener('abort', change.ring)
    // Without effect before the stream has noticed, in the next tick, that nobody waits for `readable` any more.
    process.nextTick(() => readable.pause())
  }
}

/** After each of these a read may have another answer. */
const changes = ['readable', 'end', 'error', 'close'] as const

function toBuffer(piece: unknown, encoding: BufferEncoding | null): Buffer {
  if (Buffer.isBuffer(piece)) return piece
  if (typeof piece === 'string') return Buffer.from(piece, encoding ?? 'utf8')
  if (piece instanceof Uint8Array) return Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
  throw new TidemarkError('input', `expected bytes from the stream, got ${typeof piece}`)
}
