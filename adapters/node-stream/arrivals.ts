import type { Readable } from 'node:stream'
import { TidemarkError } from '../../lib/errors.ts'
import { Bell } from '../line/bell.ts'

/**
 * Yields what a Node stream has at hand, as soon as there is something: objects up to `most` at once, bytes and text in one
 * piece. Ends with the stream, or when `signal` is aborted; the stream is left as it is then.
 *
 * @throws the stream's error, after all that arrived before it
 */
export async function* arrivals(readable: Readable, most: number, signal: AbortSignal): AsyncGenerator<unknown[]> {
  const change = new Bell()
  for (const name of changes) readable.on(name, change.ring)
  signal.addEventListener('abort', change.ring)
  try {
    while (!signal.aborted) {
      const pieces = atHand(readable, most)
      if (pieces.length > 0) yield pieces
      else if (readable.errored instanceof Error) throw readable.errored
      else if (readable.readableEnded) return
      else if (readable.destroyed)
        throw new TidemarkError('input', 'expected the end of the stream, got its destruction')
      else await change.rung()
    }
  } finally {
    // A stream that has failed may tell so later, and what nobody listens to would end the process.
    if (readable.errored instanceof Error) readable.on('error', ignore)
    for (const name of changes) readable.off(name, change.ring)
    signal.removeEventListener('abort', change.ring)
  }
}

/** After each of these a read may have another answer. */
const changes = ['readable', 'end', 'error', 'close'] as const

function atHand(readable: Readable, most: number): unknown[] {
  const pieces: unknown[] = []
  // A read without a size takes all the bytes there are; what one more would bring is for the next time.
  const count = readable.readableObjectMode ? most : 1
  while (pieces.length < count) {
    const piece: unknown = readable.read()
    if (piece === null) break
    pieces.push(piece)
  }
  return pieces
}

function ignore(): void {}
