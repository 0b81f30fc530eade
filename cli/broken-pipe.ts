import { TidemarkError } from '../lib/errors.ts'
import { standardOutput } from './results.ts'

/** Tells whether a job has ended because whoever read its results has gone, as `head` does. */
export function isBrokenPipe(error: unknown): boolean {
  if (!(error instanceof TidemarkError) || error.code !== 'output' || error.operator !== standardOutput) return false
  return error.cause instanceof Error && 'code' in error.cause && error.cause.code === 'EPIPE'
}
