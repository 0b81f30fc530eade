import { isEqual } from '../aggregates/is-equal.ts'
import { KeyCells } from '../checkpoint/key-cells.ts'
import { savedParts, savedValue } from '../checkpoint/saved-parts.ts'
import type { SavedState } from '../checkpoint/saved-state.ts'
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
  /** Order in which keys changed first. */
  readonly number: number
  /** The row that those behind know; undefined if there was none. */
  readonly before: RowChange<T, K> | undefined
  /** The row that is there now, if there is one. */
  after: RowChange<T, K> | undefined
  changes: number
}

/** Value and time of a row. */
type SavedRow<T> = readonly [T, number]

/** Number, row before and after, changes. */
type SavedPending<T> = readonly [number, SavedRow<T> | undefined, SavedRow<T> | undefined, number]

/** Lets what a table has come to leave at each multiple of a span of time, in place of each single change. */
export class CompactMachine<T, K> implements Machine<RowChange<T, K>> {
  private readonly context: OperatorContext<Compacted<T, K>>
  /** ms */
  private readonly every: number
  readonly saved: SavedState
  private readonly pending = new Map<K, Pending<T, K>>()
  private readonly cells: KeyCells<K>
  private numbers = 0
  /** Changes leave when the watermark has reached this. */
  private due = Infinity
  private heldEvents = 0
  private contributedEvents = 0

  constructor(every: number, context: OperatorContext<Compacted<T, K>>) {
    this.every = every
    this.context = context
    this.cells = new KeyCells(
      {
        keys: () => this.pending.keys(),
        save: (key) => savedPending(this.pending.get(key)),
        load: (key, cell) => this.load(key, cell as SavedPending<T>),
        loaded: () => this.sort(),
      },
      context.dirty,
    )
    this.saved = savedParts(1, {
      pending: this.cells,
      due: savedValue(
        () => this.due,
        (due) => (this.due = due),
      ),
    })
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
    this.cells.note(key)
    this.heldEvents += 1
  }

  onWatermark(time: number): boolean {
    if (time < this.due) return true
    for (const pending of this.pending.values()) {
      this.pending.delete(pending.key)
      this.cells.note(pending.key)
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
      number: this.numbers++,
      before: isRow ? undefined : cause,
      after: isRow ? cause : undefined,
      changes: 1,
    })
  }

  private load(key: K, [number, before, after, changes]: SavedPending<T>): void {
    this.pending.set(key, { key, number, before: rowFrom(before, key), after: rowFrom(after, key), changes })
    this.numbers = Math.max(this.numbers, number + 1)
    this.heldEvents += changes
  }

  /** Brings the keys into the order in which they changed first. */
  private sort(): void {
    const inOrder = [...this.pending.values()].toSorted((a, b) => a.number - b.number)
    this.pending.clear()
    for (const each of inOrder) this.pending.set(each.key, each)
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

function savedPending<T, K>(pending: Pending<T, K> | undefined): SavedPending<T> | undefined {
  return pending && [pending.number, savedRow(pending.before), savedRow(pending.after), pending.changes]
}

function savedRow<T, K>(row: RowChange<T, K> | undefined): SavedRow<T> | undefined {
  return row && [row.value, row.time]
}

function rowFrom<T, K>(saved: SavedRow<T> | undefined, key: K): RowChange<T, K> | undefined {
  return saved && event<T, K, undefined, Diff>(saved[0], saved[1], key)
}
