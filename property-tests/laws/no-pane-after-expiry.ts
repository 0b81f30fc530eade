import { type Duration, toNonNegativeMillis } from '../../lib/time.ts'
import { isEvent } from '../final-result.ts'
import type { Law } from '../law.ts'
import { refute } from '../refutation.ts'

/**
 * No pane leaves a window that had expired before: when it leaves, the watermark that was there before what set it off is below the
 * window's end and the lateness it allows.
 *
 * When to use it: for pipelines that end in a window. What is behind `isLast` may free what it has of a window.
 *
 * @param allowedLateness that of the window the panes come out of; 0 unless given
 */
export function noPaneAfterExpiry(allowedLateness: Duration = 0): Law {
  const lateness = toNonNegativeMillis(allowedLateness, 'noPaneAfterExpiry: allowedLateness')
  return {
    name: 'noPaneAfterExpiry',
    why: 'A pipeline that breaks it revises results that were final, or keeps windows for longer than it says.',
    needs: 'panes at its end',
    async check(tried) {
      const { steps } = await tried.stepwise()
      let before = -Infinity
      for (const { element, out } of steps) {
        for (const each of out) {
          if (!isEvent(each) || each.diff === -1 || each.pane === undefined) continue
          const { start, end } = each.pane.window
          if (end + lateness <= before) {
            refute(
              `expected nothing of [${start}, ${end}) after it expired at ${end + lateness}, got a pane at ${before}`,
            )
          }
        }
        if (element.kind === 'watermark') before = element.time
      }
    },
  }
}
