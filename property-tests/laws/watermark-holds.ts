import { tap } from 'rxjs'
import type { Diff, Element } from '../../lib/element.ts'
import type { PaneInfo } from '../../lib/window.ts'
import type { Arrival } from '../arrival.ts'
import { type Experiment, trial } from '../trial.ts'
import { refute } from './agree.ts'

const law = 'watermarkHolds'

/**
 * Checks what a watermark promises, element by element: the one that comes out only rises, is never ahead of the one that
 * went in, and reaches `+Infinity` at the end; no on-time pane leaves behind it, and no on-time or late pane before the one
 * that went in has reached the window's end.
 *
 * A pipeline that fails it makes the windows behind it drop what it sends, or close before all is there.
 */
export async function watermarkHolds<T, R, K>(
  experiment: Experiment<T, R, K>,
  arrivals: readonly Arrival<T>[],
): Promise<void> {
  let reached = -Infinity
  let promised = -Infinity
  const onIn = (element: Element<T, undefined, undefined>): void => {
    if (element.kind === 'watermark') reached = Math.max(reached, element.time)
  }
  const onOut = (element: Element<R, K, PaneInfo, Diff>): void => {
    if (element.kind === 'watermark') promised = checkWatermark(element.time, promised, reached)
    // What is taken back leaves as the pane it was given as, in its own time.
    else if (element.kind === 'event' && element.diff === 1) checkPane(element.pane, element.time, promised, reached)
  }
  const { watermark } = experiment
  await trial(
    { watermark, pipeline: (events) => experiment.pipeline(events.pipe(tap(onIn))).pipe(tap(onOut)) },
    arrivals,
  )
  if (promised !== Infinity) refute(law, `expected the watermark Infinity at the end, got ${promised}`)
}

function checkWatermark(time: number, before: number, reached: number): number {
  if (time <= before) refute(law, `expected a watermark > ${before}, got ${time}`)
  if (time > reached) refute(law, `expected a watermark <= ${reached}, which went in, got ${time}`)
  return time
}

function checkPane({ window, timing }: PaneInfo, time: number, promised: number, reached: number): void {
  const name = `the ${timing} pane of [${window.start}, ${window.end})`
  if (timing === 'early') return
  if (window.end > reached) refute(law, `expected ${name} when the watermark is there, got it at ${reached}`)
  if (timing === 'on-time' && time < promised)
    refute(law, `expected ${name} before the watermark ${promised}, got it after`)
}
