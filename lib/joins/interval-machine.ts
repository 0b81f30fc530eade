import { savedParts } from '../checkpoint/saved-parts.ts'
import type { SavedState } from '../checkpoint/saved-state.ts'
import { event, type Diff, type Event } from '../element.ts'
import { show, TidemarkError } from '../errors.ts'
import { refuseRetraction } from '../panes/refuse-retraction.ts'
import type { Machine, OperatorContext } from '../wiring/machine.ts'
import type { SideWriter } from '../wiring/side-output.ts'
import { type HeldEvent, HeldKey } from './held-event.ts'
import type { HeldLine } from './held-line.ts'
import { IntervalSide, type SideEvent } from './interval-side.ts'
import type { Joined } from './joined.ts'

/** Settings of an interval join, validated. Partners have times in `[left.time + lower, left.time + upper]`. */
export interface IntervalSettings {
  readonly kind: 'inner' | 'left' | 'right' | 'full'
  /** ms */
  readonly lower: number
  /** ms */
  readonly upper: number
}

/** Where the events go that come too late. */
export interface LateWriters<V, K> {
  readonly left: SideWriter<SideEvent<V, K>> | undefined
  readonly right: SideWriter<SideEvent<V, K>> | undefined
}

type Pair<K> = Event<Joined<unknown, unknown>, K, undefined, Diff>

/**
 * Pairs events of two inputs that are near each other in time.
 *
 * An event can be paired with one that comes while the watermark is not beyond `time + reach`, where `reach` is that of its
 * side: `upper` on the left, `-lower` on the right. Where nothing is taken back it is held as long, and not longer.
 */
export class IntervalMachine<V, K> implements Machine<SideEvent<V, K>> {
  private readonly context: OperatorContext<Pair<K>>
  private readonly kind: IntervalSettings['kind']
  private readonly left: IntervalSide<V, K>
  private readonly right: IntervalSide<V, K>
  /** What is held may be taken back, with the pairs it is in. */
  private readonly isRevisable: boolean
  private readonly keys = new Map<K, HeldKey<SideEvent<V, K>>>()
  readonly saved: SavedState
  private arrivals = 0
  private contributedEvents = 0

  constructor({ kind, lower, upper }: IntervalSettings, context: OperatorContext<Pair<K>>, late: LateWriters<V, K>) {
    this.context = context
    this.kind = kind
    this.isRevisable = kind === 'inner' && !context.isInsertOnly
    // As long as it or a partner of it may be taken back.
    const longer = this.isRevisable ? { left: Math.max(0, -lower), right: Math.max(0, upper) } : { left: 0, right: 0 }
    this.left = new IntervalSide(
      { isLeft: true, reach: upper, keep: upper + longer.left, isPreserved: kind === 'left' || kind === 'full' },
      late.left,
      context.dirty,
    )
    this.right = new IntervalSide(
      { isLeft: false, reach: -lower, keep: -lower + longer.right, isPreserved: kind === 'right' || kind === 'full' },
      late.right,
      context.dirty,
    )
    this.saved = savedParts(1, {
      left: this.left.saved(this.keys, this.reopen),
      right: this.right.saved(this.keys, this.reopen),
    })
  }

  onEvent(cause: SideEvent<V, K>, input: number): void {
    const { left, right, context } = this
    const side = input === 0 ? left : right
    const other = input === 0 ? right : left
    const { time, diff } = cause
    if (diff === -1 && !this.isRevisable) this.refuse()
    if (time < context.watermark && time + side.reach < context.watermark) this.onLate(cause, side)
    else if (diff === 1) this.insert(cause, side, other)
    else this.takeBack(cause, side, other)
  }

  onWatermark(time: number): boolean {
    const { context } = this
    for (let side = this.sideDue(time); side !== undefined; side = this.sideDue(time)) {
      const held = side.take()
      if (held !== undefined) {
        this.contributedEvents += 1
        this.tidy(held)
        if (side.isPreserved && !held.isMatched) this.emitAlone(held.event, side)
      }
      if (!context.hasRoom()) return false
    }
    return true
  }

  held(): number {
    return this.left.size + this.right.size
  }

  entries(): number {
    return this.held()
  }

  contributed(): number {
    return this.contributedEvents
  }

  /** The side that is to let go of an event next, in the order of the watermarks that say so, of equal ones in that of arrival. */
  private sideDue(watermark: number): IntervalSide<V, K> | undefined {
    const { left, right } = this
    const leftDue = left.due
    const rightDue = right.due
    if (leftDue >= watermark && rightDue >= watermark) return undefined
    // Nobody sees in which order an inner join lets go.
    if (leftDue !== rightDue || this.kind === 'inner') return leftDue <= rightDue ? left : right
    return left.next < right.next ? left : right
  }

  private onLate(cause: SideEvent<V, K>, side: IntervalSide<V, K>): void {
    if (side.isPreserved) {
      this.contributedEvents += 1
      this.emitAlone(cause, side)
      return
    }
    this.context.counters.late += 1
    side.late?.write(cause)
  }

  private insert(cause: SideEvent<V, K>, side: IntervalSide<V, K>, other: IntervalSide<V, K>): void {
    const { isRevisable } = this
    const { watermark } = this.context
    const number = this.arrivals++
    let key = this.keys.get(cause.key)
    let held: HeldEvent<SideEvent<V, K>> | undefined
    // Held before anything leaves, because what leaves may come back as an event.
    if (isRevisable || cause.time + side.reach >= watermark) {
      key ??= this.open(cause.key)
      held = side.add(cause, key, number, isRevisable ? watermark : 0)
    } else this.contributedEvents += 1
    const isMatched = key !== undefined && this.pairUp(cause, number, held, side, other, other.lineOf(key))
    if (held === undefined && !isMatched && side.isPreserved) this.emitAlone(cause, side)
  }

  /** Pairs an event with all that came before it and can still be paired; true if there was one. */
  private pairUp(
    cause: SideEvent<V, K>,
    number: number,
    held: HeldEvent<SideEvent<V, K>> | undefined,
    side: IntervalSide<V, K>,
    other: IntervalSide<V, K>,
    line: HeldLine<HeldEvent<SideEvent<V, K>>>,
  ): boolean {
    if (line.size === 0) return false
    const until = cause.time + side.reach
    let isMatched = false
    let place = line.placeOf(Math.max(cause.time, this.context.watermark) - other.reach)
    for (; line.timeAt(place) <= until; place++) {
      const partner = line.at(place)
      if (partner === undefined || partner.number > number) continue
      const { moves } = line
      isMatched = true
      other.match(partner)
      if (held !== undefined) side.match(held)
      this.emitPair(cause, partner.event, side, 1)
      // What left has come back, as an event or a watermark.
      if (line.moves !== moves) place = line.placeAfter(partner.event.time, partner.number) - 1
    }
    return isMatched
  }

  private takeBack(cause: SideEvent<V, K>, side: IntervalSide<V, K>, other: IntervalSide<V, K>): void {
    const { time, value } = cause
    const key = this.keys.get(cause.key)
    const held = key === undefined ? undefined : side.find(cause, key)
    if (held === undefined) {
      throw new TidemarkError('unsupported', `expected to take back a value that is there, got ${show(value)}`)
    }
    side.remove(held)
    this.contributedEvents += 2
    this.tidy(held)
    const line = other.lineOf(held.of)
    let place = line.placeOf(time - other.reach)
    for (; line.timeAt(place) <= time + side.reach; place++) {
      const partner = line.at(place)
      if (partner === undefined || !werePaired(held, side.reach, partner, other.reach)) continue
      const { moves } = line
      this.emitPair(held.event, partner.event, side, -1)
      if (line.moves !== moves) place = line.placeAfter(partner.event.time, partner.number) - 1
    }
  }

  private open(key: K): HeldKey<SideEvent<V, K>> {
    const opened = new HeldKey<SideEvent<V, K>>()
    this.keys.set(key, opened)
    return opened
  }

  /** The key of an event that has come back from a checkpoint. */
  private readonly reopen = (key: K, number: number): HeldKey<SideEvent<V, K>> => {
    this.arrivals = Math.max(this.arrivals, number + 1)
    return this.keys.get(key) ?? this.open(key)
  }

  /** Forgets the key of an event that was the last of it. */
  private tidy({ event: { key }, of }: HeldEvent<SideEvent<V, K>>): void {
    if (of.isEmpty) this.keys.delete(key)
  }

  private emitPair(cause: SideEvent<V, K>, partner: SideEvent<V, K>, side: IntervalSide<V, K>, diff: Diff): void {
    const left = side.isLeft ? cause : partner
    const right = side.isLeft ? partner : cause
    const time = Math.max(left.time, right.time)
    this.context.emit(
      event<Joined<unknown, unknown>, K, undefined, Diff>(
        { left: left.value, right: right.value },
        time,
        left.key,
        diff,
      ),
    )
  }

  private emitAlone({ value, time, key }: SideEvent<V, K>, { isLeft }: IntervalSide<V, K>): void {
    const joined = isLeft ? { left: value, right: undefined } : { left: undefined, right: value }
    this.context.emit(event<Joined<unknown, unknown>, K, undefined, Diff>(joined, time, key))
  }

  private refuse(): never {
    refuseRetraction(
      this.kind === 'inner' ? 'its inputs said there are none' : `a ${this.kind} join gives what has no partner once`,
    )
  }
}

/** The one that came first could still be paired when the other one came. */
function werePaired<E extends SideEvent<unknown, unknown>>(
  one: HeldEvent<E>,
  reach: number,
  other: HeldEvent<E>,
  otherReach: number,
): boolean {
  return one.number < other.number ? one.event.time + reach >= other.since : other.event.time + otherReach >= one.since
}
