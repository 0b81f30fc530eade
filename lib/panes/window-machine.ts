import { show, TidemarkError } from '../errors.ts'
import type { Diff, Event } from '../element.ts'
import type { CountWindows, SlidingWindows, Windows, WindowSeries } from '../window.ts'
import type { Machine, OperatorContext } from '../wiring/machine.ts'
import { CountedPanes } from './counted-panes.ts'
import { isMerging } from './merging-assigner.ts'
import { MergingPanes } from './merging-panes.ts'
import type { Result } from './pane.ts'
import { SharedPanes } from './shared-panes.ts'
import { SlicedPanes } from './sliced-panes.ts'
import { SlidingPanes } from './sliding-panes.ts'
import type { WindowOutputs } from './window-ledger.ts'
import type { WindowSettings } from './window-settings.ts'

/** Makes the machine of a window operator when it is wired. */
export type CreateMachine<T, K, P, R> = (
  context: OperatorContext<Result<R, K>>,
  outputs: WindowOutputs<Event<T, K, P, Diff>>,
) => Machine<Event<T, K, P, Diff>>

/**
 * Chooses how windows are kept.
 *
 * @throws TidemarkError `invalid-argument` for windows and settings that don't fit together
 */
export function windowMachine<T, K, P, R>(
  windows: Windows<T>,
  settings: WindowSettings<T, R>,
): CreateMachine<T, K, P, R> {
  if (isCounted(windows)) {
    withoutTime(windows, settings)
    if (windows.size !== windows.every) mergeable(windows.name, settings)
    return (context) => new CountedPanes(windows, settings, context)
  }
  if (isSliding(windows)) {
    mergeable(windows.name, settings)
    return (context, outputs) => new SlidingPanes(windows, settings, context, outputs)
  }
  if (typeof windows?.assign !== 'function') {
    throw new TidemarkError('invalid-argument', `window: expected windows such as tumbling('1h'), got ${show(windows)}`)
  }
  if (isMerging(windows)) {
    mergeable(windows.name, settings)
    return (context, outputs) => new MergingPanes(windows, settings, context, outputs)
  }
  const { name, series } = windows
  if (series === undefined || !overlaps(series)) {
    return (context, outputs) => new SharedPanes(windows, settings, context, outputs)
  }
  const reason = reasonAgainstSlices(settings)
  if (reason === undefined) {
    return (context, outputs) => new SlicedPanes(name, series, settings, context, outputs)
  }
  const how = `each window of ${name} for itself: ${reason}`
  return (context, outputs) => new SharedPanes(windows, settings, context, outputs, how)
}

/** Tells whether there is anything to share. */
function overlaps(series: WindowSeries): boolean {
  const window = series.window(0)
  const slice = series.slice(window.start)
  return slice.first < slice.last || slice.end < window.end
}

/** Why windows that overlap can't share slices, if they can't. */
function reasonAgainstSlices<T, R>(settings: WindowSettings<T, R>): string | undefined {
  const { aggregate, trigger, isClosingAlways } = settings
  if (aggregate.merge === undefined) return `${aggregate.name} can't merge`
  if (trigger !== undefined) return `each has a trigger, ${trigger.name}`
  if (isClosingAlways) return `each has a last pane, closing: 'always'`
  return undefined
}

function mergeable<T, R>(name: string, { aggregate }: WindowSettings<T, R>): void {
  if (aggregate.merge !== undefined) return
  throw new TidemarkError(
    'invalid-argument',
    `window: ${name} needs an aggregate that can merge, got ${aggregate.name} without 'merge'`,
  )
}

function withoutTime<T, R>({ name }: CountWindows, { trigger, allowedLateness }: WindowSettings<T, R>): void {
  if (trigger === undefined && allowedLateness === 0) return
  throw new TidemarkError(
    'invalid-argument',
    `window: ${name} fires by count, and takes no trigger and no allowedLateness`,
  )
}

function isCounted<T>(windows: Windows<T>): windows is CountWindows {
  return (windows as Partial<CountWindows> | undefined)?.kind === 'count'
}

function isSliding<T>(windows: Windows<T>): windows is SlidingWindows {
  return (windows as Partial<SlidingWindows> | undefined)?.kind === 'sliding'
}
