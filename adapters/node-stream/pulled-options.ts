import { TidemarkError } from '../../lib/errors.ts'
import type { RunOptions } from '../../lib/run.ts'

/**
 * Options of a job whose results are asked for. It takes no checkpoints: one would count results as written that have been handed out
 * and that nobody may have made anything of yet.
 */
export type PulledOptions = Omit<RunOptions, 'checkpoint'>

/** @throws TidemarkError `unsupported` for options with checkpoints */
export function refuseCheckpoints(who: string, options: PulledOptions): void {
  if ((options as RunOptions).checkpoint === undefined) return
  throw new TidemarkError(
    'unsupported',
    `${who}: expected a job without checkpoints, got the option 'checkpoint': results that are handed out would be lost in a crash before they are made something of; give them to a sink, by 'run'`,
  )
}
