import type { Surroundings } from './config.ts'
import type { Environment } from './main.ts'
import type { StandardStreams } from './run-job.ts'

/** Finds out what the results go to. */
export function surroundings(
  { stdout: { isTTY = false } }: StandardStreams,
  { NO_COLOR, TERM }: Environment,
): Surroundings {
  // https://no-color.org: any value but an empty one.
  const isPlain = (NO_COLOR !== undefined && NO_COLOR !== '') || TERM === 'dumb'
  return { isTerminal: isTTY, hasColors: isTTY && !isPlain }
}
