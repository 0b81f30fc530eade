import type { Diff, Element } from '../../lib/element.ts'
import { type Duration, toMillis } from '../../lib/time.ts'
import type { PaneInfo } from '../../lib/window.ts'
import { type Arrival, shifted } from '../arrival.ts'
import { type Experiment, trial } from '../trial.ts'
import { agree } from './agree.ts'

/**
 * Checks that events which are all later by `by` give the same elements, later by `by`. For a pipeline with windows `by` must
 * be a multiple of their hop; for one that looks at times inside its values, it has no meaning.
 *
 * A pipeline that fails it works for the times it was tested with.
 */
export async function shiftInvariant<T, R, K>(
  experiment: Experiment<T, R, K>,
  arrivals: readonly Arrival<T>[],
  by: Duration,
): Promise<void> {
  const millis = toMillis(by, 'shiftInvariant: by')
  const here = await trial(experiment, arrivals)
  const there = await trial(experiment, shifted(arrivals, millis))
  agree(
    'shiftInvariant',
    `what the events give ${millis} ms earlier, shifted alike`,
    there.elements,
    here.elements.map((element) => later(element, millis)),
  )
}

function later<R, K>(element: Element<R, K, PaneInfo, Diff>, by: number): Element<R, K, PaneInfo, Diff> {
  switch (element.kind) {
    case 'idle':
      return element
    case 'watermark':
      return { ...element, time: element.time + by }
    case 'event': {
      const { window } = element.pane
      const pane = { ...element.pane, window: { start: window.start + by, end: window.end + by } }
      return { ...element, time: element.time + by, pane }
    }
  }
}
