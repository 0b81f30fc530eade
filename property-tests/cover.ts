import { show, TidemarkError } from '../lib/errors.ts'
import type { Distribution } from './distribution.ts'
import type { Sample } from './sample.ts'

/** How often something has to come up, so that what is checked is not checked of nothing. */
export interface Requirement {
  readonly name: string
  /** The least share of cases, from 0 to 1. */
  readonly least: number
  readonly holds: (sample: Sample) => boolean
}

/**
 * Requires that something comes up in a share of the cases, or else the check fails though every law held: a run in which nothing is
 * late proves nothing about what is late.
 *
 * @param name said when it does not: `late events`
 * @param least the share of cases, above 0 and at most 1
 * @throws TidemarkError `invalid-argument` for a share that is none
 * @example
 * ```ts
 * cover('late events', 0.1, ({ late }) => late > 0)
 * ```
 */
export function cover(name: string, least: number, holds: (sample: Sample) => boolean): Requirement {
  if (!(least > 0 && least <= 1)) {
    throw new TidemarkError('invalid-argument', `cover: expected a share above 0 and at most 1, got ${show(least)}`)
  }
  return { name, least, holds }
}

/** What has come up too rarely, for people; empty if nothing has. */
export function uncovered(requirements: readonly Requirement[], distribution: Distribution): readonly string[] {
  return requirements.flatMap(({ name, least, holds }) => {
    const share = distribution.share(holds)
    return share >= least
      ? []
      : [`${name}: expected in ${least * 100} % of the cases, got ${(share * 100).toFixed(1)} %`]
  })
}
