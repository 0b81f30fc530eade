import type { Readable } from 'node:stream'
import type { Chunk, ChunkReader } from '../../lib/chunk-source.ts'
import { generatedReader } from '../line/generated-reader.ts'
import { arrivals } from './arrivals.ts'
import { destroyed } from './destroyed.ts'

/**
 * Reads what a Node stream gives, as much as is at hand. Closing destroys the stream; but one that has ended, and can still
 * be written to, such as a socket, is left to whoever writes.
 *
 * @param most values a chunk
 */
export function readableReader<T>(readable: Readable, most: number): ChunkReader<T> {
  const reader = lentReader<T>(readable, most)
  return {
    read: () => reader.read(),
    async close() {
      await reader.close()
      if (!readable.readableEnded || !isWritable(readable)) await destroyed(readable)
    },
  }
}

/** Reads in the same way a stream that somebody else destroys. */
export function lentReader<T>(readable: Readable, most: number): ChunkReader<T> {
  return generatedReader((signal) => chunks<T>(readable, most, signal))
}

async function* chunks<T>(readable: Readable, most: number, signal: AbortSignal): AsyncGenerator<Chunk<T>> {
  // What a stream gives is for whoever reads it to know.
  for await (const values of arrivals(readable, most, signal)) yield { values: values as T[] }
}

function isWritable(readable: Readable & { readonly writable?: boolean }): boolean {
  return readable.writable === true
}
