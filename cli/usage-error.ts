import { TidemarkError } from '../lib/errors.ts'

/** A command line that can't be carried out: the user's to mend, so it is shown without a stack trace and exits with 2. */
export class UsageError extends TidemarkError {
  constructor(message: string, cause?: unknown) {
    super('invalid-argument', message, { cause })
    this.name = 'UsageError'
  }
}
