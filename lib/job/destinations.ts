import { TidemarkError } from '../errors.ts'
import type { Sink } from '../sink.ts'

/** Where sinks of this process write to, and the names of those that do. */
const writers = new Map<string, string>()

/**
 * Takes what a sink writes to for this sink alone, among all jobs of the process; gives what lets go of it.
 *
 * @throws TidemarkError `output` when another one has it
 */
export function takeDestination({ name, writesTo }: Pick<Sink<never>, 'name' | 'writesTo'>): () => void {
  if (writesTo === undefined) return () => {}
  const other = writers.get(writesTo)
  if (other !== undefined) {
    throw new TidemarkError(
      'output',
      `${name}: expected to write to '${writesTo}' alone, got ${other} that does so too`,
      {
        operator: name,
      },
    )
  }
  writers.set(writesTo, name)
  return () => writers.delete(writesTo)
}
