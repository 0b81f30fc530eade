import { TidemarkError } from '../errors.ts'

/** Ends the job for a retraction that windows can't take. */
export function refuseRetraction(because: string): never {
  throw new TidemarkError('unsupported', `expected insertions only, got a retraction; ${because}`)
}
