import { statSync } from 'node:fs'
import type { RangeThread } from './range-threads.ts'

/** Bytes that are worth a thread which nobody may need. */
const manyBytes = 2 ** 26

/**
 * Starts threads while the rest of the command is loaded, where it is about to read large files. Whether they can be of use is not known by
 * then: if not, they are closed.
 */
export async function threadsAhead(files: readonly string[]): Promise<readonly RangeThread[]> {
  const bytes = files.reduce((sum, file) => sum + sizeOf(file), 0)
  return bytes < manyBytes ? [] : (await import('./range-threads.ts')).startThreads(bytes)
}

/** 0 for what is no file. */
function sizeOf(path: string): number {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    return stats?.isFile() === true ? stats.size : 0
  } catch {
    // Whoever opens it says what is wrong.
    return 0
  }
}
