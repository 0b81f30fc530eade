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
    else yield* resumed(followed, from)
    let told: readonly FollowedPosition[] = []
    // Where the end was, and which file had the name, is known to nobody but a checkpoint.
    let isAnew = from === undefined
    while (!signal.aborted) {
      const next = await followed.next()
      // What has gone is told behind its lines, and what has come in front of them.
      yield* splitChanges(followed, next?.position)
      if (next !== undefined) {
        const { lines, split, position } = next
        told = []
        yield { values: lines, split, position, isAnew }
        isAnew = false
        continue
      }
      // What is said of a chunk of lines is where it begins. Nothing has to be found again of what has been read to its end.
      const files = followed.position
      if (isSame(files, told)) await followed.changed(signal)
      else yield { values: [], position: { files } satisfies TailPosition, isAnew }
      told = files
      isAnew = false
    }
  } finally {
    await followed.close()
  }
}

async function* resumed(followed: FollowedFiles, from: TailPosition): AsyncGenerator<Chunk<Line>> {
  const values = await followed.resume(from)
  if (values === undefined) {
    yield { values: [], position: { files: followed.position } satisfies TailPosition, isAnew: true }
    return
  }
  yield* splitChanges(followed, from)
  const split = from.piece && followed.splitOf(from.piece.path)
  yield { values, ...(split && { split }), position: from }
}

/** Chunks that tell which files are followed, and which no more. */
function* splitChanges(
  followed: FollowedFiles,
  position: TailPosition = { files: followed.position },
): Generator<Chunk<Line>> {
  for (const { split, isLast } of followed.takeSplitChanges()) yield { values: [], split, isLast, position }
}

function isSame(some: readonly FollowedPosition[], others: readonly FollowedPosition[]): boolean {
  return some.length === others.length && some.every((file, i) => file === others[i])
}
