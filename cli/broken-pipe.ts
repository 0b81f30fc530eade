import { TidemarkError } from '../lib/errors.ts'
import { standardOutput } from './standard-streams.ts'

/**
 * Tells whether a job has ended because whoever read its results has gone, as `head` does.
 *
 * @param sink the name of the one that wrote to standard output
 */
export function isBrokenPipe(error: unknown, sink: string = standardOutput): boolean {
  if (!(error instanceof TidemarkError) || error.code !== 'output' || error.operator !== sink) return false
  return error.cause instanceof Error && 'code' in error.cause && error.cause.code === 'EPIPE'
}
