import type { DirtyCells } from '../checkpoint/dirty-cells.ts'
import { KeyCells } from '../checkpoint/key-cells.ts'
import { savedParts } from '../checkpoint/saved-parts.ts'
import type { SavedState } from '../checkpoint/saved-state.ts'
import { type Diff, event, type Event } from '../element.ts'
import type { Bucket, LeftRow } from './bucket.ts'
import { Buckets } from './buckets.ts'

type Change<T, K, P> = Event<T, K, P, Diff>
type Row<L, R, K, F, P, Q> = LeftRow<Change<L, K, P>, Change<R, F, Q>>
type Group<L, R, K, F, P, Q> = Bucket<Change<L, K, P>, Change<R, F, Q>>

/** Number, value and time of a left row, and the key of its bucket in an array that is empty for none. */
type SavedLeft<L> = readonly [number, L, number, readonly unknown[]]

/** The key of the left rows that go with no right one. */
export const none: unique symbol = Symbol('none')

/** The rows of two tables that are joined: left ones by their own key, and all by the right key that they go with. */
export class JoinedTables<L, R, K, F, P, Q> {
  readonly buckets: Buckets<Change<L, K, P>, Change<R, F, Q>> = new Buckets()
  readonly saved: SavedState
  leftRows = 0
  rightRows = 0
  /** Left rows by their own key; undefined where that is the key of their bucket. */
  private readonly rows: Map<K, Row<L, R, K, F, P, Q>> | undefined
  private readonly left: KeyCells<K>
  private readonly right: KeyCells<F>
  private numbers = 0

  /**
   * @param isForeign left rows go with another key than their own
   * @param dirty counts what changes, if checkpoints are taken
   */
  constructor(isForeign: boolean, dirty: DirtyCells | undefined) {
    this.rows = isForeign ? new Map<K, Row<L, R, K, F, P, Q>>() : undefined
    this.left = this.leftCells(dirty)
    this.right = this.rightCells(dirty)
    this.saved = savedParts(1, { left: this.left, right: this.right })
  }

  leftOf(key: K): Row<L, R, K, F, P, Q> | undefined {
    return this.rows === undefined ? this.buckets.get(key)?.first : this.rows.get(key)
  }

  /** The bucket of a key, added if there is none. */
  bucketOf(key: unknown): Group<L, R, K, F, P, Q> {
    return this.buckets.get(key) ?? this.buckets.add(key)
  }

  addLeft(change: Change<L, K, P>, bucket: Group<L, R, K, F, P, Q>): void {
    this.putLeft(change, bucket, this.numbers++)
    this.left.note(change.key)
  }

  removeLeft(row: Row<L, R, K, F, P, Q>): void {
    const { key } = row.event
    this.rows?.delete(key)
    this.leftRows -= 1
    row.bucket.remove(row)
    this.left.note(key)
  }

  addRight(change: Change<R, F, Q>, bucket: Group<L, R, K, F, P, Q>): void {
    bucket.right = change
    this.rightRows += 1
    this.right.note(change.key)
  }

  /** Removes the right row of a bucket that has one. */
  removeRight(bucket: Group<L, R, K, F, P, Q>): void {
    bucket.right = undefined
    this.rightRows -= 1
    this.right.note(bucket.key as F)
  }

  clear(): void {
    this.left.noteAll()
    this.right.noteAll()
    this.rows?.clear()
    this.buckets.clear()
    this.leftRows = 0
    this.rightRows = 0
  }

  private putLeft(change: Change<L, K, P>, bucket: Group<L, R, K, F, P, Q>, number: number): void {
    const row = bucket.add(change, number)
    this.leftRows += 1
    this.rows?.set(change.key, row)
  }

  private leftCells(dirty: DirtyCells | undefined): KeyCells<K> {
    const back: { readonly key: K; readonly saved: SavedLeft<L> }[] = []
    return new KeyCells(
      {
        keys: () => this.leftKeys(),
        save: (key): SavedLeft<L> | undefined => {
          const row = this.leftOf(key)
          if (row === undefined) return undefined
          const { number, event: change, bucket } = row
          return [number, change.value, change.time, bucket.key === none ? [] : [bucket.key]]
        },
        load: (key, cell) => void back.push({ key, saved: cell as SavedLeft<L> }),
        // The rows of a bucket are in the order in which they came.
        loaded: () => {
          for (const { key, saved } of back.toSorted((a, b) => a.saved[0] - b.saved[0])) {
            const [number, value, time, foreign] = saved
            this.putLeft(rowOf(value, time, key), this.bucketOf(foreign.length === 0 ? none : foreign[0]), number)
            this.numbers = number + 1
          }
          back.length = 0
        },
      },
      dirty,
    )
  }

  private rightCells(dirty: DirtyCells | undefined): KeyCells<F> {
    return new KeyCells(
      {
        keys: () => this.rightKeys(),
        save: (key) => {
          const row = this.buckets.get(key)?.right
          return row && [row.value, row.time]
        },
        load: (key, cell) => {
          const [value, time] = cell as readonly [R, number]
          this.bucketOf(key).right = rowOf(value, time, key)
          this.rightRows += 1
        },
      },
      dirty,
    )
  }

  private *leftKeys(): Generator<K> {
    for (const { first } of this.buckets.values()) {
      for (let row = first; row !== undefined; row = row.next) yield row.event.key
    }
  }

  private *rightKeys(): Generator<F> {
    for (const { right } of this.buckets.values()) if (right !== undefined) yield right.key
  }
}

/** Nobody asks for the pane of a row. */
function rowOf<T, K, P>(value: T, time: number, key: K): Change<T, K, P> {
  return event<T, K, P, Diff>(value, time, key)
}
