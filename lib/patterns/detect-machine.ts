import { SavedMap } from '../checkpoint/saved-map.ts'
import { savedParts } from '../checkpoint/saved-parts.ts'
import type { SavedState } from '../checkpoint/saved-state.ts'
import { event, type Event } from '../element.ts'
import { TidemarkError } from '../errors.ts'
import { WaitingEvents } from '../keyed/waiting-events.ts'
import { refuseRetraction } from '../panes/refuse-retraction.ts'
import { callbackError } from '../callback-error.ts'
import type { Machine, OperatorContext } from '../wiring/machine.ts'
import type { SideWriter } from '../wiring/side-output.ts'
import type { Automaton } from './automaton.ts'
import { KeyMatcher, type Matching } from './key-matcher.ts'
import { loadMatcher, saveMatcher, type SavedMatcher } from './matcher-cells.ts'
import { startsWith } from './partial-match.ts'
import { RunLine } from './run.ts'
import type { SkipBound } from './skip.ts'
import type { SoFar } from './stage.ts'
import { matchOf, type Step, type Taken } from './step.ts'

/** Settings of `detect`, validated. */
export interface DetectSettings<V> {
  readonly automaton: Automaton<V>
  /** ms */
  readonly within: number
  readonly skip: SkipBound | undefined
  /** Partial matches a key may have. */
  readonly limit: number
}

/** A partial match that has run out of time. */
export interface TimedOutPart {
  readonly reached: string
  readonly matched: SoFar
}

/** What is to leave. */
type Output<K> =
  | { readonly isMatch: true; readonly event: Event<SoFar, K, undefined> }
  | { readonly isMatch: false; readonly event: Event<TimedOutPart, K, undefined> }

/**
 * Matches the events of all keys in the order of their times, when the watermark has passed them. What runs out of time does so
 * in between, at the time at which it does.
 */
export class DetectMachine<V, K, P> implements Machine<Event<V, K, P>>, Matching<V, K> {
  readonly automaton: Automaton<V>
  readonly skip: SkipBound | undefined
  readonly saved: SavedState
  readonly line: RunLine<V, KeyMatcher<V, K>> = new RunLine()
  private readonly context: OperatorContext<Event<SoFar, K, undefined>>
  private readonly within: number
  private readonly limit: number
  private readonly late: SideWriter<Event<V, K, P>> | undefined
  private readonly timedOut: SideWriter<Event<TimedOutPart, K, undefined>> | undefined
  private readonly waiting: WaitingEvents<Event<V, K, P>>
  private readonly keys: SavedMap<K, KeyMatcher<V, K>>
  private readonly outputs: Output<K>[] = []
  /** The output that leaves next. */
  private nextOutput = 0
  private partials = 0
  private matchedEvents = 0
  private takenEvents = 0
  private contributedEvents = 0

  constructor(
    { automaton, within, skip, limit }: DetectSettings<V>,
    context: OperatorContext<Event<SoFar, K, undefined>>,
    late: SideWriter<Event<V, K, P>> | undefined,
    timedOut: SideWriter<Event<TimedOutPart, K, undefined>> | undefined,
  ) {
    this.automaton = automaton
    this.within = within
    this.skip = skip
    this.limit = limit
    this.context = context
    this.late = late
    this.timedOut = timedOut
    this.waiting = new WaitingEvents(context.dirty)
    this.keys = new SavedMap(context.dirty)
    const keys = this.keys.saved({
      save: (matcher) => saveMatcher(automaton, matcher),
      load: (key, saved) => this.load(key, saved as SavedMatcher<V>),
    })
    this.saved = savedParts(1, {
      keys: { ...keys, loaded: () => this.loaded() },
      waiting: this.waiting.saved,
    })
  }

  onEvent(cause: Event<V, K, P>): void {
    if (cause.diff !== 1) refuseRetraction('a match is not taken back')
    if (cause.time >= this.context.watermark) {
      this.waiting.push(cause)
      return
    }
    this.context.counters.late += 1
    this.late?.write(cause)
  }

  onWatermark(time: number): boolean {
    // Room is asked for also where nothing leaves: looking at many events takes its time.
    while (this.emitOne() || this.advance(time)) if (!this.context.hasRoom()) return false
    return true
  }

  held(): number {
    return this.waiting.size + this.takenEvents
  }

  entries(): number {
    return this.partials
  }

  contributed(): number {
    return this.contributedEvents
  }

  onMatch(key: K, last: Step<V>, time: number): void {
    this.outputs.push({ isMatch: true, event: event(matchOf(this.automaton.blank, last), time, key) })
  }

  onTimeout(key: K, last: Step<V>, time: number): void {
    if (this.timedOut === undefined) return
    const part: TimedOutPart = { reached: last.stage.name, matched: matchOf(this.automaton.blank, last) }
    this.outputs.push({ isMatch: false, event: event(part, time, key) })
  }

  onEnd(taken: readonly Taken<V>[]): void {
    for (const each of taken) {
      each.users -= 1
      if (each.users > 0) continue
      this.takenEvents -= 1
      this.contributedEvents += 1
    }
  }

  private load(key: K, saved: SavedMatcher<V>): KeyMatcher<V, K> {
    const matcher = new KeyMatcher(key, this)
    const taken = loadMatcher(this.automaton, matcher, saved)
    this.partials += matcher.size
    this.takenEvents += taken.length
    for (const { number } of taken) this.matchedEvents = Math.max(this.matchedEvents, number + 1)
    return matcher
  }

  private loaded(): void {
    const runs = [...this.keys.values()].flatMap((matcher) => matcher.runs)
    for (const run of runs.sort((a, b) => a.start.number - b.start.number)) this.line.add(run)
  }

  /** Does what is next, in the order of time: matches an event, or ends a run. False if nothing is due. */
  private advance(watermark: number): boolean {
    const { oldest } = this.line
    const deadline = oldest === undefined ? Infinity : oldest.start.time + this.within
    const cause = this.waiting.takeBefore(Math.min(watermark, deadline))
    if (cause !== undefined) this.match(cause)
    else if (oldest !== undefined && deadline <= watermark) this.expire(oldest.owner, deadline - 1)
    else return false
    return true
  }

  private match(cause: Event<V, K, P>): void {
    const { value, time, key } = cause
    try {
      const starts = startsWith(this.automaton.initial, value)
      const known = this.keys.get(key)
      if (known === undefined && starts === 0) {
        this.context.counters.filtered += 1
        return
      }
      const matcher = known ?? new KeyMatcher(key, this)
      if (known === undefined) this.keys.add(matcher)
      const before = matcher.size
      const isTaken = matcher.onEvent(value, this.matchedEvents++, time, starts)
      if (isTaken) this.takenEvents += 1
      else this.context.counters.filtered += 1
      this.settle(matcher, before)
      if (matcher.size > this.limit) this.overflow(matcher.size)
    } catch (error) {
      throw callbackError(error, this.context.id, cause)
    }
  }

  private expire(matcher: KeyMatcher<V, K>, time: number): void {
    const before = matcher.size
    matcher.expire(time)
    this.settle(matcher, before)
  }

  /** Counts the partial matches of a key, which were so many before, and frees it when it has none. */
  private settle(matcher: KeyMatcher<V, K>, before: number): void {
    this.partials += matcher.size - before
    if (matcher.size === 0) this.keys.remove(matcher)
    else this.keys.touch(matcher)
  }

  /** Lets one leave. What leaves may come back as an event, so all is settled before. */
  private emitOne(): boolean {
    const output = this.outputs[this.nextOutput]
    if (output === undefined) return false
    this.nextOutput += 1
    if (this.nextOutput === this.outputs.length) {
      this.outputs.length = 0
      this.nextOutput = 0
    }
    if (output.isMatch) this.context.emit(output.event)
    else this.timedOut?.write(output.event)
    return true
  }

  private overflow(size: number): never {
    throw new TidemarkError(
      'overflow',
      `expected at most ${this.limit} partial matches of a key, got ${size}; make the conditions or 'within' narrower, use 'followedBy' for 'followedByAny', skip what has matched, or raise 'limit'`,
    )
  }
}
