import type { TimeWindows } from '../window.ts'
import { timeWindows } from './time-windows.ts'

const all = { start: -Infinity, end: Infinity }

/**
 * Makes one window of all time, complete at the end of the input and not before: give it a trigger, such as
 * `repeatedly(afterCount(1000))`, or there is nothing to see until then.
 *
 * Its panes have the event time of the latest event in them, because it has no end to take it from. What it holds for a key
 * is freed at the end of the input, or when a trigger that finishes has closed it: on an input that never ends, have few keys.
 * The job says aloud (`onNotice`) when there are 100,000, or as many events of an aggregate that keeps each.
 *
 * @example
 * hits.pipe(window(globalWindow(), count(), { trigger: repeatedly(afterProcessingTime('10s')) }))
 */
export function globalWindow(): TimeWindows {
  return timeWindows('globalWindow()', {
    window: () => all,
    slice: () => ({ ...all, first: 0, last: 0 }),
  })
}
