import { isDeepStrictEqual } from 'node:util'
import { stringify } from 'fast-check'
import type { Diff, Event } from '../../lib/element.ts'
import type { PaneInfo } from '../../lib/window.ts'
import type { Arrival } from '../arrival.ts'
import { isSame } from '../batch-windows.ts'
import type { Pace } from '../pace.ts'
import { type Experiment, trial } from '../trial.ts'
import { refute } from './agree.ts'

const law = 'takesBackWhatItGave'

type Pane<R, K> = Event<R, K, PaneInfo, Diff>

/**
 * Checks of a pipeline that revises its results that every retraction takes back a pane that stands, with the same key, window,
 * value and time, and that one pane of a key and window stands at a time. One that never takes anything back passes.
 *
 * A pipeline that fails it leaves whoever applies its changes, such as an `aggregate` behind it, with a wrong result.
 */
export async function takesBackWhatItGave<T, R, K>(
  experiment: Experiment<T, R, K>,
  arrivals: readonly Arrival<T>[],
  pace?: Pace,
): Promise<void> {
  const { elements } = await trial(experiment, arrivals, pace)
  const panes = elements.filter((element) => element.kind === 'event')
  if (panes.every(({ diff }) => diff === 1)) return
  const standing: Pane<R, K>[] = []
  for (const pane of panes) {
    const at = standing.findIndex((each) => isOfSame(each, pane))
    const before = standing[at]
    if (pane.diff === 1 && before === undefined) standing.push(pane)
    else if (pane.diff === 1) refute(law, `expected ${shown(before)} to be taken back before ${shown(pane)}`)
    else if (before === undefined) refute(law, `expected a pane that stands to be taken back, got ${shown(pane)}`)
    else if (before.time === pane.time && isDeepStrictEqual(before.value, pane.value)) standing.splice(at, 1)
    else refute(law, `expected ${shown(before)} to be taken back, got ${shown(pane)}`)
  }
}

function isOfSame<R, K>(a: Pane<R, K>, b: Pane<R, K>): boolean {
  return Object.is(a.key, b.key) && isSame(a.pane.window, b.pane.window)
}

function shown<R, K>(pane: Pane<R, K> | undefined): string {
  if (pane === undefined) return 'nothing'
  const { key, value, time, pane: info } = pane
  return `${stringify(value)}@${time} of key ${String(key)} and [${info.window.start}, ${info.window.end})`
}
