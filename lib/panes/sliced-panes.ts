import { savedParts, savedValue } from '../checkpoint/saved-parts.ts'
import type { SavedState } from '../checkpoint/saved-state.ts'
import type { Diff, Event } from '../element.ts'
import type { PaneInfo, Slice, Window, WindowSeries } from '../window.ts'
import type { Machine, OperatorContext } from '../wiring/machine.ts'
import { Accumulators } from './accumulators.ts'
import type { Result } from './pane.ts'
import { Refinements } from './refinements.ts'
import { SeriesTimes } from './series-times.ts'
import { type OpenSlice, Slices } from './slices.ts'
import type { Timeline } from './timeline.ts'
import { Timelines } from './timelines.ts'
import { WindowLedger, type WindowOutputs } from './window-ledger.ts'
import type { WindowSettings } from './window-settings.ts'

/**
 * Overlapping windows that share the slices between their borders: an event is added once, however many windows it belongs to.
 * When the watermark has passed a slice, its parts move into the timelines of their keys; a window that completes is a range of
 * each. For the default trigger, and streams of insertions.
 *
 * Results leave in the order of the windows' ends, and within one in the order in which the keys came.
 */
export class SlicedPanes<T, K, P, R> implements Machine<Event<T, K, P, Diff>> {
  private readonly name: string
  private readonly series: WindowSeries
  private readonly times: SeriesTimes
  private readonly accumulators: Accumulators<T, R>
  private readonly context: OperatorContext<Result<R, K>>
  private readonly ledger: WindowLedger<Event<T, K, P, Diff>>
  private readonly slices: Slices<K>
  private readonly timelines: Timelines<T, K>
  private readonly refinements: Refinements<T, K, R>
  /** The slices of the last events, if the watermark has not passed them: out of order, they mostly alternate between two. */
  private current: OpenSlice<K> | undefined
  private other: OpenSlice<K> | undefined
  /** All windows up to this number have fired, or were empty. */
  private fired = -Infinity
  /** The watermark at which something happens next. */
  private due = Infinity
  /** Slices before this are not needed any more; before that one, they have been dropped. */
  private needed = -Infinity
  private dropped = -Infinity
  readonly saved: SavedState

  constructor(
    name: string,
    series: WindowSeries,
    settings: WindowSettings<T, R>,
    context: OperatorContext<Result<R, K>>,
    outputs: WindowOutputs<Event<T, K, P, Diff>>,
  ) {
    this.name = name
    this.series = series
    this.times = new SeriesTimes(series, settings.allowedLateness)
    this.accumulators = new Accumulators(settings, context.id, context.isInsertOnly)
    this.context = context
    this.ledger = new WindowLedger(context.counters, outputs)
    this.slices = new Slices(context.dirty)
    this.timelines = new Timelines(this.accumulators, context.dirty)
    this.refinements = new Refinements(series, this.accumulators, settings.accumulation, context)
    const parts = this.savedParts()
    this.saved = { ...parts, loaded: () => this.loaded(parts) }
  }

  onEvent(event: Event<T, K, P, Diff>): void {
    const { time, key } = event
    if (this.current === undefined || !contains(this.current.slice, time)) {
      if (!this.turnTo(time)) {
        this.onOddEvent(event)
        return
      }
    }
    const { accumulators } = this
    const current = this.current as OpenSlice<K>
    const part = current.parts.get(key) ?? this.slices.add(current, key, accumulators.create())
    part.accumulator = accumulators.change(part.accumulator, event)
    this.slices.count(current, part)
    this.ledger.take(0)
  }

  onWatermark(time: number): boolean {
    if (time < this.due) return true
    this.current = undefined
    this.other = undefined
    const { slices, series } = this
    let number = slices.windowAfter(this.fired)
    while (number !== undefined) {
      const window = series.window(number)
      if (window.end > time) break
      if (!this.sealUpTo(window.end) || !this.fire(window, number, time)) return false
      this.fired = number
      number = slices.windowAfter(number)
    }
    if (!this.sealUpTo(time) || !this.free(time)) return false
    this.due = this.nextDue()
    return true
  }

  held(): number {
    return this.ledger.held
  }

  entries(): number {
    return this.slices.parts + this.timelines.parts + this.refinements.size
  }

  contributed(): number {
    return this.ledger.contributed
  }

  about(): string {
    return `slices of ${this.name}`
  }

  private savedParts(): SavedState {
    const { slices, timelines, refinements, series, accumulators } = this
    const fired = savedValue(
      () => this.fired,
      (number: number) => (this.fired = number),
    )
    const parts = {
      slices: slices.saved((time) => series.slice(time), accumulators),
      timelines: timelines.saved(),
      refinements: refinements.saved(),
      // What is not needed any more has been dropped, whenever a checkpoint is taken.
      fired,
    }
    return savedParts(1, parts, accumulators.shape)
  }

  private loaded(parts: SavedState): void {
    parts.loaded?.()
    for (const { events } of this.slices.all()) this.ledger.held += events
    this.due = this.nextDue()
  }

  private nextDue(): number {
    const { slices, series } = this
    const number = slices.windowAfter(this.fired)
    const { first } = slices
    return Math.min(
      number === undefined ? Infinity : series.window(number).end,
      slices.unsealed?.slice.end ?? Infinity,
      first === undefined ? Infinity : this.times.expiry(first.slice.last),
    )
  }

  /** Makes the slice of a time the current one; false if the watermark has passed it, or it is in no window. */
  private turnTo(time: number): boolean {
    const { other, slices } = this
    this.other = this.current
    this.current = undefined
    if (other !== undefined && contains(other.slice, time)) {
      this.current = other
      return true
    }
    const slice = this.series.slice(time)
    if (slice.end <= this.context.watermark || slice.last < slice.first) return false
    this.current = slices.open(slice, false)
    // Other slices have been seen to already.
    if (this.current.events === 0) this.due = this.nextDue()
    return true
  }

  /** An event in no window, or in a slice that the watermark has passed: of its windows some are complete, and some are gone. */
  private onOddEvent(event: Event<T, K, P, Diff>): void {
    const { context, times, timelines, refinements, ledger } = this
    const { watermark } = context
    const slice = this.series.slice(event.time)
    if (slice.last < slice.first) {
      ledger.noWindow()
      return
    }
    const firstKept = times.firstKept(slice, watermark)
    if (firstKept > slice.last) {
      ledger.late(event)
      return
    }
    const firstIncomplete = times.firstIncomplete(slice, watermark)
    this.fired = Math.max(this.fired, firstIncomplete - 1)
    const timeline = timelines.of(event.key)
    const given = refinements.given(timeline, event.key, firstKept, firstIncomplete)
    timelines.change(event.key, slice.start, (accumulator) => this.accumulators.change(accumulator, event))
    this.slices.count(this.slices.open(slice, true))
    ledger.take(firstKept - slice.first)
    this.due = this.nextDue()
    for (const [i, before] of given.entries()) refinements.refine(timeline, event, firstKept + i, before)
  }

  /** Moves the parts of all slices that end by a time into the timelines; false when the turn is over before. */
  private sealUpTo(time: number): boolean {
    const { slices, timelines } = this
    for (let open = slices.unsealed; open !== undefined && open.slice.end <= time; open = slices.unsealed) {
      for (const part of open.parts.values()) {
        timelines.append(part.key, open.slice.start, part.accumulator)
        slices.remove(open, part)
        if (!this.context.hasRoom()) return false
      }
      slices.seal()
    }
    return true
  }

  /** Lets the results of a window leave; false when the turn is over before all have. */
  private fire(window: Window, number: number, watermark: number): boolean {
    const isLast = this.times.expiry(number) <= watermark
    const pane: PaneInfo = { window, timing: 'on-time', index: 0, isFirst: true, isLast, nonSpeculativeIndex: 0 }
    // What no later window reaches is not needed any more, unless this one is kept for late events.
    if (isLast) this.needed = Math.max(this.needed, this.series.window(number + 1).start)
    return this.forEachKey((key, timeline) => {
      const total = timeline.total(window.start, window.end)
      this.timelines.dropBefore(key, timeline, this.needed)
      if (this.accumulators.isEmpty(total)) return
      this.context.emit(this.refinements.result(total, window, key, pane))
    })
  }

  /** Frees the slices whose last window has expired; false when the turn is over before all are. */
  private free(watermark: number): boolean {
    const { slices, refinements, timelines } = this
    let { first } = slices
    while (first !== undefined && this.times.expiry(first.slice.last) <= watermark) {
      const { slice, events } = first
      this.needed = Math.max(this.needed, slice.end)
      refinements.forgetUpTo(slice.last)
      this.ledger.free(events)
      slices.removeFirst()
      first = slices.first
    }
    if (this.needed <= this.dropped) return true
    return this.forEachKey((key, timeline) => timelines.dropBefore(key, timeline, this.needed))
  }

  /** Goes through all keys, dropping what is not needed: false when there are some left. */
  private forEachKey(step: (key: K, timeline: Timeline) => void): boolean {
    const { context, needed } = this
    if (!this.timelines.forEach(() => context.hasRoom(), step)) return false
    this.dropped = needed
    return true
  }
}

function contains({ start, end }: Slice, time: number): boolean {
  return start <= time && time < end
}
