import { show, TidemarkError } from '../errors.ts'

/**
 * Options for state whose shape is yours.
 *
 * @typeParam S the state
 */
export interface VersionedState<S> {
  /** Of its shape: a whole number to be raised when that changes. 1 unless given. */
  readonly version?: number
  /**
   * Makes state of an earlier version what it is now. Called for each that the last checkpoint has, when a job goes on with a
   * later version than it was stopped with. Without it such a checkpoint is refused.
   */
  readonly migrate?: (state: unknown, version: number) => S
}

/**
 * Checks the version of a state, and how it comes about.
 *
 * @throws TidemarkError `invalid-argument`
 */
export function checkVersion(who: string, { version = 1, migrate }: VersionedState<unknown>): void {
  if (!Number.isSafeInteger(version) || version < 1) {
    throw new TidemarkError('invalid-argument', `${who}: version must be a whole number > 0, got ${show(version)}`)
  }
  if (migrate !== undefined && typeof migrate !== 'function') {
    throw new TidemarkError('invalid-argument', `${who}: migrate must be a function, got ${show(migrate)}`)
  }
}
