import type { Call } from './call.ts'
import { runJob } from './run-job.ts'
import { settle } from './settle.ts'
import type { RangeThread } from './subtotals/range-threads.ts'
import { surroundings } from './surroundings.ts'
import { toConfig } from './to-config.ts'

/**
 * Answers what a command line asks of its inputs, or writes the program that would. What answers the usual questions is imported here
 * and below as it is needed by all, so that it is one file of the bundle; what few questions need is loaded when it is used.
 *
 * @param ahead threads that may be used
 * @returns whether it was interrupted
 * @throws UsageError and TidemarkError as `toConfig`, `settle` and `runJob` do
 */
export async function answer(
  { commandLine, streams, onInterrupt, environment }: Call,
  ahead: readonly RangeThread[],
): Promise<boolean> {
  const config = toConfig(commandLine, surroundings(streams, environment))
  if (!commandLine.flags.has('explain')) return await runJob(config, streams, onInterrupt, ahead)
  const { explain } = await import('./explain.ts')
  streams.stdout.write(explain(await settle(config, streams.stdin, () => {})))
  return false
}
