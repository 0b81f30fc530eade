import { show, TidemarkError } from '../../lib/errors.ts'
import { type Duration, toPositiveMillis } from '../../lib/time.ts'

/** When a connection that was lost, or could not be made, is tried again. */
export interface BackoffOptions {
  /** The wait before the second try in a row, doubled for each after it; `'100ms'` unless given. */
  readonly first?: Duration
  /** The longest wait; `'30s'` unless given. */
  readonly most?: Duration
  /** Tries in a row without a line, after which the job fails; 12 unless given, about two minutes. `Infinity` for no end. */
  readonly attempts?: number
  /** Of [0, 1); half of each wait is left to it, so that many clients don't come back all at once. `Math.random` unless given. */
  readonly random?: () => number
}

/** Validated. */
export interface Backoff {
  readonly attempts: number
  /** How long to wait after so many failures in a row, in ms. */
  wait(failures: number): number
}

/**
 * @throws TidemarkError `invalid-argument` or `invalid-duration` for a bad option
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ for the jitter ("equal")
 */
export function toBackoff(who: string, options: BackoffOptions = {}): Backoff {
  const { attempts = 12, random = Math.random } = options
  const first = toPositiveMillis(options.first ?? '100ms', `${who}: backoff.first`)
  const most = toPositiveMillis(options.most ?? '30s', `${who}: backoff.most`)
  if (attempts !== Infinity && (!Number.isSafeInteger(attempts) || attempts <= 0)) {
    throw new TidemarkError(
      'invalid-argument',
      `${who}: backoff.attempts must be a whole number > 0 or Infinity, got ${show(attempts)}`,
    )
  }
  return {
    attempts,
    wait(failures) {
      const whole = Math.min(most, first * 2 ** (failures - 1))
      return Math.round(whole / 2 + (whole / 2) * random())
    },
  }
}
