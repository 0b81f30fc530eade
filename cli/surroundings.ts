import type { Environment } from './call.ts'
import type { Surroundings } from './config.ts'
import type { StandardStreams } from './standard-streams.ts'

/** Finds out what a command is connected to. */
export function surroundings(
  { stdin, stdout, stderr }: StandardStreams,
  { NO_COLOR, TERM }: Environment,
): Surroundings {
  // https://no-color.org: any value but an empty one.
  const isPlain = NO_COLOR !== undefined && NO_COLOR !== ''
  const hasCursor = TERM !== 'dumb'
  const isOfResults = stdout.isTTY === true
  return {
    isOfResults,
    isOfErrors: stderr.isTTY === true,
    hasCursor,
    hasColors: isOfResults && hasCursor && !isPlain,
    isTyped: stdin.isTTY === true,
  }
}

/** What a command is connected to that draws nothing. */
export const noTerminal: Surroundings = {
  isOfResults: false,
  isOfErrors: false,
  hasCursor: false,
  hasColors: false,
  isTyped: false,
}
