import { Changes, type SavedCell } from '../checkpoint/changes.ts'
import type { SavedState } from '../checkpoint/saved-state.ts'
import { event, type Diff, type Event } from '../element.ts'
import type { CountWindows, PaneInfo } from '../window.ts'
import type { Machine, OperatorContext } from '../wiring/machine.ts'
import { Accumulators } from './accumulators.ts'
import type { Result } from './pane.ts'
import { refuseRetraction } from './refuse-retraction.ts'
import type { WindowSettings } from './window-settings.ts'

/** Some events of a key that came one after the other: all of them belong to the same windows. */
interface Run {
  accumulator: unknown
  events: number
  /** Times of the earliest and the latest event. */
  from: number
  until: number
  /** Has been part of a window. */
  hasLeft: boolean
}

interface CountedKey<K> extends SavedCell {
  readonly key: K
  /** In the order in which keys came: that in which they leave at the end. */
  readonly number: number
  /** The last ones, as many as make a window. */
  readonly runs: Run[]
  /** Events since a window left. */
  since: number
}

/** Number, events since a window left, and what is known of each run. */
type SavedKey = readonly [number, number, readonly (readonly [unknown, number, number, number, boolean])[]]

/** Windows of a number of events of a key. Overlapping ones share runs of events, of the greatest length that fits all. */
export class CountedPanes<T, K, P, R> implements Machine<Event<T, K, P, Diff>> {
  private readonly context: OperatorContext<Result<R, K>>
  private readonly windows: CountWindows
  private readonly accumulators: Accumulators<T, R>
  /** Events of a run. */
  private readonly step: number
  private readonly keys = new Map<K, CountedKey<K>>()
  private readonly changes: Changes<CountedKey<K>> | undefined
  readonly saved: SavedState
  private numbers = 0
  /** The keys that have still to give what they hold at the end. */
  private leaving: Iterator<CountedKey<K>> | undefined
  private heldEvents = 0
  private contributedEvents = 0

  constructor(windows: CountWindows, settings: WindowSettings<T, R>, context: OperatorContext<Result<R, K>>) {
    this.windows = windows
    // Retractions are refused.
    this.accumulators = new Accumulators(settings, context.id, true)
    this.context = context
    this.step = greatestCommonDivisor(windows.size, windows.every)
    this.changes = context.dirty && new Changes(context.dirty)
    this.saved = this.savedKeys()
  }

  onEvent(event: Event<T, K, P, Diff>): void {
    const { time, key, diff } = event
    if (diff === -1) refuseRetraction('it would change which events make a window')
    let state = this.keys.get(key)
    if (state === undefined) {
      state = { key, number: this.numbers++, runs: [], since: 0, isChanged: false }
      this.keys.set(key, state)
    }
    this.changes?.note(state)
    let run = state.runs.at(-1)
    if (run === undefined || run.events === this.step) {
      run = { accumulator: this.accumulators.create(), events: 0, from: time, until: time, hasLeft: false }
      state.runs.push(run)
      this.free(state.runs, this.windows.size / this.step)
    }
    run.accumulator = this.accumulators.change(run.accumulator, event)
    run.events += 1
    run.from = Math.min(run.from, time)
    run.until = Math.max(run.until, time)
    this.heldEvents += 1
    state.since += 1
    if (state.since === this.windows.every) this.leave(state, false)
  }

  onWatermark(time: number): boolean {
    if (time < Infinity) return true
    const { size, every } = this.windows
    const leaving = (this.leaving ??= this.keys.values())
    for (let next = leaving.next(); next.done !== true; next = leaving.next()) {
      const state = next.value
      this.changes?.note(state)
      // What has come of the window that would have been next.
      const kept = Math.ceil((size - every + state.since) / this.step)
      this.free(state.runs, Math.max(0, kept))
      if (state.since > 0 && kept > 0) this.leave(state, true)
      this.free(state.runs, 0)
      if (!this.context.hasRoom()) return false
    }
    this.keys.clear()
    return true
  }

  held(): number {
    return this.heldEvents
  }

  entries(): number {
    return this.keys.size
  }

  contributed(): number {
    return this.contributedEvents
  }

  private leave(state: CountedKey<K>, isPartial: boolean): void {
    const { key, runs } = state
    state.since = 0
    let start = Infinity
    let end = -Infinity
    for (const run of runs) {
      run.hasLeft = true
      start = Math.min(start, run.from)
      end = Math.max(end, run.until + 1)
    }
    const time = end - 1
    const info: PaneInfo = {
      window: { start, end },
      timing: 'on-time',
      index: 0,
      isFirst: true,
      isLast: true,
      nonSpeculativeIndex: 0,
      ...(isPartial ? { isPartial } : {}),
    }
    const value = this.accumulators.result(this.total(runs), key, time)
    // Those of windows without overlap are of no more use.
    if (this.windows.every >= this.windows.size) this.free(runs, 0)
    this.context.emit(event<R, K, PaneInfo, Diff>(value, time, key, 1, info))
  }

  /** The keys as checkpoints see them. */
  private savedKeys(): SavedState {
    const loaded: CountedKey<K>[] = []
    return {
      version: 1,
      shape: this.accumulators.shape,
      save: (write, which) => {
        if (which === 'all') for (const state of this.keys.values()) write(state.key, cellOf(state))
        else this.changes?.take((state) => write(state.key, this.keys.has(state.key) ? cellOf(state) : undefined))
      },
      load: (key, cell) => loaded.push(keyOf(key as K, cell as SavedKey, this.accumulators)),
      loaded: () => {
        for (const state of loaded.sort((a, b) => a.number - b.number)) {
          this.keys.set(state.key, state)
          this.numbers = state.number + 1
          for (const { events } of state.runs) this.heldEvents += events
        }
      },
    }
  }

  private total(runs: readonly Run[]): unknown {
    const { accumulators } = this
    if (runs.length === 1) return runs[0]?.accumulator
    return runs.reduce((sum, run) => accumulators.merge(sum, run.accumulator), accumulators.create())
  }

  /** Keeps the last runs only. */
  private free(runs: Run[], kept: number): void {
    while (runs.length > kept) {
      const run = runs.shift()
      if (run === undefined) return
      this.heldEvents -= run.events
      if (run.hasLeft) this.contributedEvents += run.events
      else this.context.counters.noWindow += run.events
    }
  }
}

function cellOf<K>({ number, since, runs }: CountedKey<K>): SavedKey {
  return [
    number,
    since,
    runs.map(({ accumulator, events, from, until, hasLeft }) => [accumulator, events, from, until, hasLeft] as const),
  ]
}

function keyOf<K>(
  key: K,
  [number, since, saved]: SavedKey,
  accumulators: Pick<Accumulators<never, unknown>, 'restore'>,
): CountedKey<K> {
  const runs = saved.map(([accumulator, events, from, until, hasLeft]) => ({
    accumulator: accumulators.restore(accumulator),
    events,
    from,
    until,
    hasLeft,
  }))
  return { key, number, runs, since, isChanged: false }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
