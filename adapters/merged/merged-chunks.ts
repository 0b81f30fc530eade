import type { Chunk } from '../../lib/chunk-source.ts'
import { filesToMerge, type MergeSettings } from './files-to-merge.ts'
import type { FilePosition, MergedFile } from './merged-file.ts'
import { MergeQueue } from './merge-queue.ts'
import type { Refusal } from './refusal.ts'

/** A chunk has about as many records as a piece of a file would, if their lines had so many bytes. */
const fewBytes = 32

/**
 * Reads files all together, and yields what they have in the order of its times, with what is refused in its place. A chunk begins where each file stood
 * when the one before it was full.
 *
 * @param positions of a run before this one
 */
export async function* mergedChunks<T>(
  settings: MergeSettings<T>,
  signal: AbortSignal,
  positions: readonly FilePosition[] | undefined,
): AsyncGenerator<Chunk<T | Refusal>> {
  const batch = Math.ceil(settings.chunkBytes / fewBytes)
  const files = await filesToMerge(settings, signal, positions)
  const queue = new MergeQueue<MergedFile<T>>()
  let values: (T | Refusal)[] = []
  let position = files.map((file) => file.position)
  /** Hands on what there is, if it is enough. */
  function* full(least = batch): Generator<Chunk<T | Refusal>> {
    if (values.length < least) return
    yield { values, position }
    values = []
    position = files.map((file) => file.position)
  }
  try {
    for (const file of files) file.prefetch()
    for (const file of files) {
      let hasRecord = false
      while (!hasRecord && !file.hasEnded) {
        await file.fill()
        hasRecord = file.advance(values)
        yield* full()
      }
      if (hasRecord) queue.push(file)
    }
    for (let file = queue.first; file !== undefined; file = queue.first) {
      values.push(file.record as T)
      let hasRecord = file.advance(values)
      if (values.length >= batch) yield* full()
      while (!hasRecord && !file.hasEnded) {
        signal.throwIfAborted()
        await file.fill()
        hasRecord = file.advance(values)
        yield* full()
      }
      if (hasRecord) queue.settle()
      else queue.shift()
    }
    yield* full(1)
  } finally {
    await Promise.all(files.map((file) => file.close()))
  }
}
