import type { Law } from '../law.ts'
import { agree } from '../refutation.ts'

/**
 * A job that dies anywhere, even twice, and goes on at its last checkpoint writes in the end what one writes that never dies. The
 * checkpoints are in memory, and so is the sink, which can be brought back to where it stood.
 *
 * When to use it: for pipelines of jobs with checkpoints. State of your own that is not registered (`scan`, a variable outside) is
 * found by it.
 */
export function resumable(): Law {
  return {
    name: 'resumable',
    why: 'A pipeline that breaks it is wrong after each deployment.',
    needs: 'state in operators that can be saved; plain data as values',
    async check(tried) {
      const { expected, actual, died } = await tried.runCrashing()
      agree(`what a job writes that never dies, of one that died at step ${died.join(' and ')}`, actual, expected)
    },
  }
}
