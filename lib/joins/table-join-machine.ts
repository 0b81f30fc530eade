import type { SavedState } from '../checkpoint/saved-state.ts'
import { type Diff, event, type Event } from '../element.ts'
import { show, TidemarkError } from '../errors.ts'
import type { Machine, OperatorContext } from '../wiring/machine.ts'
import type { Bucket, LeftRow } from './bucket.ts'
import type { Joined } from './joined.ts'
import { JoinedTables, none } from './joined-tables.ts'
import { oneChange, type Unsettled } from '../wiring/one-change.ts'
import { refuseSecond, rowOf } from './row-of.ts'

/** Settings of a join of tables. */
export interface TablesSettings<L> {
  /** Left rows without a partner are in the view, too. */
  readonly keepsLeft: boolean
  /** So are right ones; not with `on`. */
  readonly keepsRight: boolean
  /** The right key that a left row goes with, `null` or `undefined` for none; its own key unless given. */
  readonly on: ((value: L) => unknown) | undefined
}

/** A row that is there from now on, or is not any more. */
type Change<T, K, P> = Event<T, K, P, Diff>
type View<L, R, K> = Change<Joined<L | undefined, R | undefined>, K, undefined>

type Row<L, R, K, F, P, Q> = LeftRow<Change<L, K, P>, Change<R, F, Q>>
type Group<L, R, K, F, P, Q> = Bucket<Change<L, K, P>, Change<R, F, Q>>

/**
 * Joins two tables by the key of the right one, and gives the changes of the joined view. A row of the view follows from those
 * it is made of, so none is kept: what is taken back is made anew.
 *
 * That a row is alone is said at the end of the change under way, if no partner has come by then.
 */
export class TableJoinMachine<L, R, K, F, P, Q> implements Machine<Change<L, K, P> | Change<R, F, Q>>, Unsettled {
  private readonly settings: TablesSettings<L>
  private readonly context: OperatorContext<View<L, R, K>>
  private readonly tables: JoinedTables<L, R, K, F, P, Q>
  readonly saved: SavedState
  private contributedEvents = 0
  /** Buckets with rows of which it has not been said yet that they are alone, and those that have become empty. */
  private readonly unsettled: Group<L, R, K, F, P, Q>[] = []
  private isBusy = false
  /** What its own results have led to: a change leaves as a whole before the next one begins. */
  private readonly waiting: { readonly cause: Change<L, K, P> | Change<R, F, Q>; readonly input: number }[] = []

  constructor(settings: TablesSettings<L>, context: OperatorContext<View<L, R, K>>) {
    this.settings = settings
    this.context = context
    this.tables = new JoinedTables(settings.on !== undefined, context.dirty)
    this.saved = this.tables.saved
  }

  onEvent(cause: Change<L, K, P> | Change<R, F, Q>, input: number): void {
    if (this.isBusy) {
      this.waiting.push({ cause, input })
      return
    }
    oneChange.make(() => {
      this.isBusy = true
      this.apply(cause, input)
      this.goOn()
    })
  }

  onWatermark(time: number): boolean {
    if (time < Infinity) return true
    const { tables } = this
    this.contributedEvents += tables.leftRows + tables.rightRows
    tables.clear()
    return true
  }

  held(): number {
    return this.tables.leftRows + this.tables.rightRows + this.waiting.length
  }

  /** Right keys with rows. */
  entries(): number {
    return this.tables.buckets.size
  }

  contributed(): number {
    return this.contributedEvents
  }

  settle(): void {
    this.isBusy = true
    for (const bucket of this.unsettled) {
      const { owesLeft, owesRight, right } = bucket
      bucket.isUnsettled = false
      bucket.owesLeft = false
      bucket.owesRight = false
      if (bucket.isEmpty) this.tables.buckets.remove(bucket)
      if (owesLeft) for (let row = bucket.first; row !== undefined; row = row.next) this.emitLeft(row.event, 1)
      if (owesRight && right !== undefined) this.emitRight(right, 1)
    }
    this.unsettled.length = 0
    this.goOn()
  }

  private goOn(): void {
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      this.apply(next.cause, next.input)
    }
    this.isBusy = false
  }

  private apply(cause: Change<L, K, P> | Change<R, F, Q>, input: number): void {
    // The end of the input has freed the tables.
    if (this.context.watermark === Infinity) this.context.counters.late += 1
    else if (input === 0) this.onLeft(cause as Change<L, K, P>)
    else this.onRight(cause as Change<R, F, Q>)
  }

  private onLeft(cause: Change<L, K, P>): void {
    const { key, value, diff } = cause
    const { on } = this.settings
    const row = this.tables.leftOf(key)
    if (diff === -1) this.removeLeft(rowOf(row, row?.event, cause))
    else if (row === undefined)
      this.addLeft(cause, this.tables.bucketOf(on === undefined ? key : foreignKey(on, value)))
    else refuseSecond(value)
  }

  private onRight(cause: Change<R, F, Q>): void {
    const { key, value, diff } = cause
    const bucket = this.tables.buckets.get(key)
    const right = bucket?.right
    if (diff === -1) this.removeRight(rowOf(bucket, right, cause))
    else if (right === undefined) this.addRight(cause, bucket ?? this.tables.bucketOf(key))
    else refuseSecond(value)
  }

  private addLeft(cause: Change<L, K, P>, bucket: Group<L, R, K, F, P, Q>): void {
    const { right, first } = bucket
    this.tables.addLeft(cause, bucket)
    if (right === undefined) {
      if (!this.settings.keepsLeft) return
      if (first === undefined) this.settleLater(bucket).owesLeft = true
      else if (!bucket.owesLeft) this.emitLeft(cause, 1)
      return
    }
    if (first === undefined && this.settings.keepsRight) this.noLongerAlone(bucket, right)
    this.emitPair(cause, right, 1)
  }

  private removeLeft(row: Row<L, R, K, F, P, Q>): void {
    const { event: left, bucket } = row
    const { right } = bucket
    this.tables.removeLeft(row)
    this.leave(bucket)
    if (right !== undefined) {
      this.emitPair(left, right, -1)
      if (bucket.first === undefined && this.settings.keepsRight) this.settleLater(bucket).owesRight = true
    } else if (this.settings.keepsLeft && !bucket.owesLeft) this.emitLeft(left, -1)
  }

  private addRight(cause: Change<R, F, Q>, bucket: Group<L, R, K, F, P, Q>): void {
    const wereAlone = this.settings.keepsLeft && !bucket.owesLeft
    bucket.owesLeft = false
    this.tables.addRight(cause, bucket)
    if (bucket.first === undefined && this.settings.keepsRight) this.settleLater(bucket).owesRight = true
    for (let row = bucket.first; row !== undefined; row = row.next) {
      if (wereAlone) this.emitLeft(row.event, -1)
      this.emitPair(row.event, cause, 1)
    }
  }

  private removeRight(bucket: Group<L, R, K, F, P, Q>): void {
    const { right, first } = bucket
    this.tables.removeRight(bucket)
    this.leave(bucket)
    if (right === undefined) return
    if (first === undefined && this.settings.keepsRight) this.noLongerAlone(bucket, right)
    for (let row = first; row !== undefined; row = row.next) this.emitPair(row.event, right, -1)
    if (first !== undefined && this.settings.keepsLeft) this.settleLater(bucket).owesLeft = true
  }

  /** A row has been taken out, and both it and its retraction are part of what went out. */
  private leave(bucket: Group<L, R, K, F, P, Q>): void {
    this.contributedEvents += 2
    // Mostly the next row is there before the change is complete.
    if (bucket.isEmpty) this.settleLater(bucket)
  }

  private settleLater(bucket: Group<L, R, K, F, P, Q>): Group<L, R, K, F, P, Q> {
    if (bucket.isUnsettled) return bucket
    if (this.unsettled.length === 0) oneChange.whenComplete(this)
    bucket.isUnsettled = true
    this.unsettled.push(bucket)
    return bucket
  }

  /** Takes back that the right row is alone, if that has been said. */
  private noLongerAlone(bucket: Group<L, R, K, F, P, Q>, right: Change<R, F, Q>): void {
    if (!bucket.owesRight) this.emitRight(right, -1)
    bucket.owesRight = false
  }

  private emitPair(left: Change<L, K, P>, right: Change<R, F, Q>, diff: Diff): void {
    this.emit(left.value, right.value, Math.max(left.time, right.time), left.key, diff)
  }

  private emitLeft({ value, time, key }: Change<L, K, P>, diff: Diff): void {
    this.emit(value, undefined, time, key, diff)
  }

  private emitRight({ value, time, key }: Change<R, F, Q>, diff: Diff): void {
    // Without `on` both have the same keys, and with it a right row alone does not leave.
    this.emit(undefined, value, time, key as unknown as K, diff)
  }

  private emit(left: L | undefined, right: R | undefined, time: number, key: K, diff: Diff): void {
    this.context.emit(event<Joined<L | undefined, R | undefined>, K, undefined, Diff>({ left, right }, time, key, diff))
  }
}

function foreignKey<L>(on: (value: L) => unknown, value: L): unknown {
  const foreign = on(value) ?? none
  if (typeof foreign !== 'object' && typeof foreign !== 'function') return foreign
  throw new TidemarkError(
    'invalid-key',
    `expected on() to give a key that is a text, number or other primitive value, got ${show(foreign)}`,
  )
}
