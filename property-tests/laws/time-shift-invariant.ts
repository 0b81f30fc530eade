import { type Duration, formatDuration, toPositiveMillis } from '../../lib/time.ts'
import { shifted } from '../arrival.ts'
import { isEvent } from '../final-result.ts'
import type { Law } from '../law.ts'
import { agree } from '../refutation.ts'

/** Options of `timeShiftInvariant`. */
export interface TimeShiftOptions<T> {
  /** For values that have times in them: the same value, later by so many ms. */
  readonly shift?: (value: T, by: number) => T
  /** The same of results. */
  readonly shiftResult?: (value: unknown, by: number) => unknown
}

/**
 * Events that are all later by a number of periods give the same elements, later by as much: also before 1970, and in years to come.
 *
 * When to use it: for all pipelines but those with local days, which are of different lengths.
 *
 * @param period what the pipeline's windows repeat themselves in: a multiple of all hops. Any, where there are none, or sessions
 */
export function timeShiftInvariant<T>(period: Duration, options: TimeShiftOptions<T> = {}): Law<T> {
  const { shift = (value: T) => value, shiftResult = (value: unknown) => value } = options
  const millis = toPositiveMillis(period, 'timeShiftInvariant: period')
  return {
    name: 'timeShiftInvariant',
    why: 'A pipeline that breaks it works for the times it was tested with.',
    needs: 'windows that repeat themselves',
    async check(tried) {
      const by = millis * tried.case.shift
      const here = await tried.calm()
      const later = shifted(tried.case.events, by).map((each) => ({ ...each, value: shift(each.value, by) }))
      const there = await tried.run({ events: later })
      const moved = here.elements.map((element) => elementLater(element, by, shiftResult))
      agree(`what the events give ${formatDuration(Math.abs(by))} away, shifted alike`, there.elements, moved)
    },
  }
}

function elementLater(element: unknown, by: number, shift: (value: unknown, by: number) => unknown): unknown {
  if (isWatermark(element)) return { ...element, time: element.time + by }
  if (!isEvent(element)) return shift(element, by)
  const { time, pane, value } = element
  const moved = { ...element, value: shift(value, by), time: time + by }
  if (pane === undefined) return moved
  return { ...moved, pane: { ...pane, window: { start: pane.window.start + by, end: pane.window.end + by } } }
}

function isWatermark(element: unknown): element is { readonly kind: 'watermark'; readonly time: number } {
  return typeof element === 'object' && element !== null && 'kind' in element && element.kind === 'watermark'
}
