import type { Event } from '../lib/element.ts'
import { isEvent, nameOf } from './final-result.ts'
import type { Step } from './trial.ts'
import type { Tried } from './tried.ts'

/** What came up in one case, counted. */
export interface Sample {
  readonly events: number
  /** Events that came after one of a later time. */
  readonly outOfOrder: number
  /** Events behind the watermark. */
  readonly behind: number
  /** Events that an operator counted as late. */
  readonly late: number
  /** Events at the time of another one. */
  readonly ties: number
  /** Events before 1970. */
  readonly negative: number
  /** Windows of a key that gave a result. */
  readonly windows: number
  readonly panes: number
  /** Windows, or whatever state it is, that became one with the arrival of an event. */
  readonly merges: number
  readonly retractions: number
  /** All that came out. */
  readonly results: number
  /** The splits that the events are dealt to. */
  readonly splits: number
}

/** Counts what came up in a case. */
export async function sampleOf<T>(of: Tried<T>): Promise<Sample> {
  const { steps, metrics, elements } = await of.stepwise()
  const arrived = steps.flatMap(({ element }) => (element.kind === 'event' ? [element] : []))
  const events = elements.filter((element) => isEvent(element))
  const panes = events.flatMap((each) =>
    each.pane === undefined || each.diff === -1 ? [] : [{ ...each, ...each.pane }],
  )
  const times = new Set(arrived.map(({ time }) => time))
  return {
    events: arrived.length,
    outOfOrder: outOfOrder(arrived),
    behind: arrived.length - of.withinBound.length,
    late: metrics.operators.reduce((sum, { late }) => sum + late, 0),
    ties: arrived.length - times.size,
    negative: arrived.filter(({ time }) => time < 0).length,
    windows: new Set(panes.map(({ key, window }) => `${nameOf(key)} ${window.start} ${window.end}`)).size,
    panes: panes.length,
    merges: merges(steps),
    retractions: events.filter(({ diff }) => diff === -1).length,
    results: elements.length,
    splits: new Set(of.case.splits).size,
  }
}

function outOfOrder(events: readonly Event<unknown, undefined, undefined>[]): number {
  let latest = -Infinity
  let count = 0
  for (const { time } of events) {
    if (time < latest) count += 1
    latest = Math.max(latest, time)
  }
  return count
}

/** An event never frees state but by merging; between two events only a watermark may. */
function merges(steps: readonly Step<unknown>[]): number {
  let count = 0
  for (const [i, { before, element }] of steps.entries()) {
    const next = steps[i + 1]
    if (element.kind !== 'event' || before === undefined || next?.before === undefined) continue
    for (const [at, { entries }] of before.operators.entries()) {
      if ((next.before.operators[at]?.entries ?? entries) < entries) count += 1
    }
  }
  return count
}
