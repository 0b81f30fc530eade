import { Changes, type SavedCell } from '../checkpoint/changes.ts'
import type { SavedPart } from '../checkpoint/saved-state.ts'
import { event, type Diff, type Event } from '../element.ts'
import type { Accumulation, PaneInfo, Window, WindowSeries } from '../window.ts'
import type { OperatorContext } from '../wiring/machine.ts'
import { oneChange } from '../wiring/one-change.ts'
import type { Accumulators } from './accumulators.ts'
import { type Result, takenBack } from './pane.ts'
import type { Timeline } from './timeline.ts'

/** What has left a complete window for a key beside the on-time pane. */
interface Refined<K> extends SavedCell {
  readonly window: number
  readonly key: K
  /** The on-time pane was there. */
  readonly hasOnTime: boolean
  /** Panes that have left. */
  fired: number
}

/** Whether the on-time pane was there, panes that have left. */
type SavedRefined = readonly [boolean, number]

/** What a window has given before an event: the result that must be taken back, or whether there was any. */
export type Given<R, K> = Result<R, K> | boolean

/**
 * The results of windows of a series, and what leaves again for late events. Nothing is kept of a window and key that have given
 * the on-time pane only.
 */
export class Refinements<T, K, R> {
  private readonly series: WindowSeries
  private readonly accumulators: Accumulators<T, R>
  private readonly accumulation: Accumulation
  private readonly context: OperatorContext<Result<R, K>>
  private readonly byWindow = new Map<number, Map<K, Refined<K>>>()
  private readonly changes: Changes<Refined<K>> | undefined
  /** Windows and keys of which something is kept. */
  size = 0

  constructor(
    series: WindowSeries,
    accumulators: Accumulators<T, R>,
    accumulation: Accumulation,
    context: OperatorContext<Result<R, K>>,
  ) {
    this.series = series
    this.accumulators = accumulators
    this.accumulation = accumulation
    this.context = context
    this.changes = context.dirty && new Changes(context.dirty)
  }

  /** The result of what a window comes to for a key. */
  result(total: unknown, window: Window, key: K, pane: PaneInfo): Result<R, K> {
    const time = window.end - 1
    return event<R, K, PaneInfo, Diff>(this.accumulators.result(total, key, time), time, key, 1, pane)
  }

  /** What the windows `from` to `until`, all complete, have given for a key so far. */
  given(timeline: Timeline, key: K, from: number, until: number): readonly Given<R, K>[] {
    const given: Given<R, K>[] = []
    for (let number = from; number < until; number++) {
      const window = this.series.window(number)
      const total = timeline.total(window.start, window.end)
      const has = !this.accumulators.isEmpty(total)
      const isTakenBack = has && this.accumulation === 'retracting'
      given.push(isTakenBack ? this.result(total, window, key, this.last(number, key, window)) : has)
    }
    return given
  }

  /** Lets a complete window leave once more, for a late event. */
  refine(timeline: Timeline, event: Event<T, K, unknown, Diff>, number: number, given: Given<R, K>): void {
    const refined = this.of(number, event.key, given !== false)
    this.changes?.note(refined)
    if (typeof given !== 'object') this.give(timeline, event, number, refined)
    else {
      oneChange.make(() => {
        this.context.emit(takenBack(given))
        this.give(timeline, event, number, refined)
      })
    }
  }

  /** Forgets windows that have expired. */
  forgetUpTo(number: number): void {
    for (const [refined, keys] of this.byWindow) {
      if (refined > number) continue
      this.byWindow.delete(refined)
      this.size -= keys.size
      if (this.changes !== undefined) for (const each of keys.values()) this.changes.note(each)
    }
  }

  /** What has left as checkpoints see it, by window and key. */
  saved(): SavedPart {
    const cellOf = ({ hasOnTime, fired }: Refined<K>): SavedRefined => [hasOnTime, fired]
    return {
      save: (write, which) => {
        if (which === 'changed') {
          this.changes?.take((refined) => {
            const { window, key } = refined
            write([window, key], this.byWindow.get(window)?.get(key) === refined ? cellOf(refined) : undefined)
          })
        } else {
          for (const keys of this.byWindow.values()) {
            for (const refined of keys.values()) write([refined.window, refined.key], cellOf(refined))
          }
        }
      },
      load: (at, cell) => {
        const [window, key] = at as [number, K]
        const [hasOnTime, fired] = cell as SavedRefined
        this.put({ window, key, hasOnTime, fired, isChanged: false })
      },
    }
  }

  private give(timeline: Timeline, event: Event<T, K, unknown, Diff>, number: number, refined: Refined<K>): void {
    const { accumulators, accumulation, context } = this
    const { key } = event
    const window = this.series.window(number)
    const total =
      accumulation === 'discarding'
        ? accumulators.change(accumulators.create(), event)
        : timeline.total(window.start, window.end)
    // All was taken back: there is no such window, unless somebody has been told that there is and has to hear that it is empty.
    if (accumulators.isEmpty(total) && (accumulation === 'retracting' || refined.fired === 0)) return
    context.emit(this.result(total, window, key, paneOf(window, refined.fired++, refined.hasOnTime)))
  }

  /** The pane that has left last of a window and key that have given at least one. */
  private last(number: number, key: K, window: Window): PaneInfo {
    const { hasOnTime, fired } = this.byWindow.get(number)?.get(key) ?? { hasOnTime: true, fired: 1 }
    return paneOf(window, fired - 1, hasOnTime)
  }

  /** What has left, to be changed. */
  private of(number: number, key: K, hasGiven: boolean): Refined<K> {
    const refined = this.byWindow.get(number)?.get(key)
    if (refined !== undefined) return refined
    return this.put({ window: number, key, hasOnTime: hasGiven, fired: hasGiven ? 1 : 0, isChanged: false })
  }

  private put(refined: Refined<K>): Refined<K> {
    const { window, key } = refined
    let keys = this.byWindow.get(window)
    if (keys === undefined) this.byWindow.set(window, (keys = new Map<K, Refined<K>>()))
    keys.set(key, refined)
    this.size += 1
    return refined
  }
}

function paneOf(window: Window, index: number, hasOnTime: boolean): PaneInfo {
  const timing = index === 0 && hasOnTime ? 'on-time' : 'late'
  return { window, timing, index, isFirst: index === 0, isLast: false, nonSpeculativeIndex: index }
}
