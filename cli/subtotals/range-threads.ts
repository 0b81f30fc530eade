import { availableParallelism } from 'node:os'
import { RangeThread } from './range-thread.ts'

const most = 4

/** Bytes that this thread has read, more or less, before another one has started. */
const bytesPerThread = 2 ** 25

/** Threads run what the compiler made: Node 20 can't run this project's sources. */
const isCompiled = import.meta.url.endsWith('.js')

/** Starts as many threads beside this one as there are cores for, and as are of use for so many bytes. */
export function startThreads(bytes: number): readonly RangeThread[] {
  const length = Math.min(most, availableParallelism() - 1, Math.floor(bytes / bytesPerThread))
  return isCompiled ? Array.from({ length }, () => new RangeThread()) : []
}
