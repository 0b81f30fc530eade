import type { Chunk } from '../../lib/chunk-source.ts'
import type { Line } from '../line/line.ts'
import type { FollowedPosition } from './followed-file.ts'
import { FollowedFiles, type TailPosition, type TailSettings } from './followed-files.ts'

/**
 * Yields the lines of files that are followed, each chunk of one file, until `signal` is aborted. A chunk without lines says how far
 * all files have been read.
 *
 * @param from of the chunk to begin with
 */
export async function* tailChunks(
  settings: TailSettings,
  signal: AbortSignal,
  from: TailPosition | undefined,
): AsyncGenerator<Chunk<Line>> {
  const followed = new FollowedFiles(settings)
  try {
    if (from === undefined) await followed.start()
    else yield await resumed(followed, from)
    let told: readonly FollowedPosition[] = []
    while (!signal.aborted) {
      const next = await followed.next()
      if (next !== undefined) {
        told = []
        yield { values: next.lines, position: next.position }
        continue
      }
      // What is said of a chunk of lines is where it begins. Nothing has to be found again of what has been read to its end.
      const files = followed.position
      if (isSame(files, told)) await followed.changed(signal)
      else yield { values: [], position: { files } satisfies TailPosition }
      told = files
    }
  } finally {
    await followed.close()
  }
}

async function resumed(followed: FollowedFiles, from: TailPosition): Promise<Chunk<Line>> {
  const lines = await followed.resume(from)
  return lines === undefined
    ? { values: [], position: { files: followed.position } satisfies TailPosition, isAnew: true }
    : { values: lines, position: from }
}

function isSame(some: readonly FollowedPosition[], others: readonly FollowedPosition[]): boolean {
  return some.length === others.length && some.every((file, i) => file === others[i])
}
