import { canStart, TaskThread, usualThreads } from '../../adapters/threads/task-thread.ts'
import type { Plan } from './plan.ts'
import type { Range, RangeSubtotals } from './range.ts'

/** Another thread that reads ranges. */
export type RangeThread = TaskThread<Plan, Range, RangeSubtotals>

/** Bytes that this thread has read, more or less, before another one has started. */
const bytesPerThread = 2 ** 25

/** Starts as many threads beside this one as there are cores for, and as are of use for so many bytes. */
export function startThreads(bytes: number): readonly RangeThread[] {
  const length = Math.min(usualThreads(), Math.floor(bytes / bytesPerThread))
  if (!canStart) return []
  return Array.from({ length }, () => new TaskThread(new URL('./range-worker.js', import.meta.url)))
}
