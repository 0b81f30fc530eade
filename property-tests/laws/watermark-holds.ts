import type { PaneInfo } from '../../lib/window.ts'
import { isEvent } from '../final-result.ts'
import type { Law } from '../law.ts'
import { refute } from '../refutation.ts'

/**
 * What a watermark promises, element by element: the one that comes out only rises, is never ahead of the one that went in, and
 * reaches `+Infinity` at the end; no on-time pane leaves behind it, and no on-time or late pane before the one that went in has
 * reached the window's end.
 *
 * When to use it: for everything that is a stream at its end, and has another operator behind it one day.
 */
export function watermarkHolds(): Law {
  return {
    name: 'watermarkHolds',
    why: 'A pipeline that breaks it makes the windows behind it drop what it sends, or close before all is there.',
    needs: 'a stream at its end, and not values',
    async check(tried) {
      const { steps } = await tried.stepwise()
      let reached = -Infinity
      let promised = -Infinity
      let isStream = false
      for (const { element, out } of steps) {
        if (element.kind === 'watermark') reached = element.time
        for (const each of out) {
          if (isWatermark(each)) {
            isStream = true
            promised = checkWatermark(each.time, promised, reached)
          }
          // What is taken back leaves as the pane it was given as, in its own time.
          else if (isEvent(each) && each.diff === 1 && each.pane !== undefined)
            checkPane(each.pane, each.time, promised, reached)
        }
      }
      if (!isStream) refute('expected a stream with watermarks at the end of the pipeline, got none')
      if (promised !== Infinity) refute(`expected the watermark Infinity at the end, got ${promised}`)
    },
  }
}

function isWatermark(element: unknown): element is { readonly kind: 'watermark'; readonly time: number } {
  return typeof element === 'object' && element !== null && 'kind' in element && element.kind === 'watermark'
}

function checkWatermark(time: number, before: number, reached: number): number {
  if (time <= before) refute(`expected a watermark > ${before}, got ${time}`)
  if (time > reached) refute(`expected a watermark <= ${reached}, which went in, got ${time}`)
  return time
}

function checkPane({ window, timing }: PaneInfo, time: number, promised: number, reached: number): void {
  const name = `the ${timing} pane of [${window.start}, ${window.end})`
  if (timing === 'early') return
  if (window.end > reached) refute(`expected ${name} when the watermark is there, got it at ${reached}`)
  if (timing === 'on-time' && time < promised) refute(`expected ${name} before the watermark ${promised}, got it after`)
}
