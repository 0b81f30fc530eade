import type { Chunk, ChunkReader } from '../../lib/chunk-source.ts'

/**
 * Makes a reader of a generator of chunks. `close` aborts the signal, at which a generator that waits for something must
 * end, and then waits until it has: its `finally` blocks free what is held.
 *
 * @param release called by `close` before that: frees what was there before the generator was asked for anything, and without which it need
 *   not wait
 */
export function generatedReader<T>(
  generate: (signal: AbortSignal) => AsyncGenerator<Chunk<T>>,
  release: () => Promise<void> = async () => {},
): ChunkReader<T> {
  const controller = new AbortController()
  const chunks = generate(controller.signal)
  return {
    async read() {
      const next = await chunks.next()
      return next.done === true ? undefined : next.value
    },
    async close() {
      controller.abort()
      await release()
      await chunks.return(undefined)
    },
  }
}
