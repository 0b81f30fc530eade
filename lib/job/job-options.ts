import type { Clock } from '../clock.ts'
import { show, TidemarkError } from '../errors.ts'
import type { Notice } from './notice.ts'

/** Settings of a job. */
export interface JobOptions {
  /** Processing time; the wall's unless given. */
  readonly clock?: Clock
  /** Results after which a turn is over and the sinks are written to; 1,024 unless given. */
  readonly batchSize?: number
  /**
   * Results that may wait for a sink, and events for a call of `mapAsync`, before the job fails with `overflow`; 100,000 unless
   * given. Only observables that push come near it, because everything else is held back.
   */
  readonly bufferLimit?: number
  /** Is told what somebody should know, such as of state that grows without end; each is a warning of the process unless given. */
  readonly onNotice?: (notice: Notice) => void
}

/**
 * Fills in what was not given.
 *
 * @throws TidemarkError `invalid-argument` for a size or limit that is no whole number > 0
 */
export function toLimits({ batchSize = 1_024, bufferLimit = 100_000 }: JobOptions): {
  readonly batchSize: number
  readonly bufferLimit: number
} {
  for (const [name, value] of Object.entries({ batchSize, bufferLimit })) {
    if (Number.isSafeInteger(value) && value > 0) continue
    throw new TidemarkError('invalid-argument', `run: ${name} must be a whole number > 0, got ${show(value)}`)
  }
  return { batchSize, bufferLimit }
}
