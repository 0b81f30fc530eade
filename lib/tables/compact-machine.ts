import { isEqual } from '../aggregates/is-equal.ts'
import { type Diff, event, type Event } from '../element.ts'
import { refuseSecond, rowOf } from '../joins/row-of.ts'
import { revise } from '../running/revise.ts'
import type { Machine, OperatorContext } from '../wiring/machine.ts'

/** A row that is there from now on, or is not any more. */
type RowChange<T, K> = Event<T, K, unknown, Diff>
type Compacted<T, K> = Event<T, K, undefined, Diff>

/** What has become of the row of a key since changes left last. */
interface Pending<T, K> {
  readonly key: K
  /** The row that those behind know; undefined if there was none. */
  readonly before: RowChange<T, K> | undefined
  /** The row that is there now, if there is one. */
  after: RowChange<T, K> | undefined
  changes: number
}

/** Lets what a table has come to leave at each multiple of a span of time, in place of each single change. */
export class CompactMachine<T, K> implements Machine<RowChange<T, K>> {
  private readonly context: OperatorContext<Compacted<T, K>>
  /** ms */
  private readonly every: number
  private readonly pending = new Map<K, Pending<T, K>>()
  /** Changes leave when the watermark has reached this. */
  private due = Infinity
  private heldEvents = 0
  private contributedEvents = 0

  constructor(every: number, context: OperatorContext<Compacted<T, K>>) {
    this.every = every
    this.context = context
  }

  onEvent(cause: RowChange<T, K>): void {
    const { key, value, diff } = cause
    const pending = this.pending.get(key)
    if (pending === undefined) this.open(cause)
    else if (diff === -1) {
      rowOf(pending, pending.after, cause)
      pending.after = undefined
    } else if (pending.after === undefined) pending.after = cause
    else refuseSecond(value)
    if (pending !== undefined) pending.changes += 1
    this.heldEvents += 1
  }

  onWatermark(time: number): boolean {
    if (time < this.due) return true
    for (const pending of this.pending.values()) {
      this.pending.delete(pending.key)
      this.heldEvents -= pending.changes
      this.contributedEvents += pending.changes
      this.leave(pending)
      if (!this.context.hasRoom()) return false
    }
    this.due = Infinity
    return true
  }

  held(): number {
    return this.heldEvents
  }

  /** Keys with changes that have not left. */
  entries(): number {
    return this.pending.size
  }

  contributed(): number {
    return this.contributedEvents
  }

  private open(cause: RowChange<T, K>): void {
    const isRow = cause.diff === 1
    if (this.pending.size === 0) this.due = this.nextMultiple(this.context.watermark)
    this.pending.set(cause.key, {
      key: cause.key,
      before: isRow ? undefined : cause,
      after: isRow ? cause : undefined,
      changes: 1,
    })
  }

  /** The first multiple beyond a watermark; before the first one, whichever comes. */
  private nextMultiple(watermark: number): number {
    return watermark === -Infinity ? watermark : (Math.floor(watermark / this.every) + 1) * this.every
  }

  private leave({ key, before, after }: Pending<T, K>): void {
    if (before !== undefined && after?.time === before.time && isEqual(before.value, after.value)) return
    const taken = before && event<T, K, undefined, Diff>(before.value, before.time, key)
    revise(this.context, taken, after && event<T, K, undefined, Diff>(after.value, after.time, key))
  }
}
