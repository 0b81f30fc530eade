import { KeyCells } from '../../../lib/checkpoint/key-cells.ts'
import type { SavedState } from '../../../lib/checkpoint/saved-state.ts'
import { savedParts } from '../../../lib/checkpoint/saved-parts.ts'
import { type Diff, event, type Event } from '../../../lib/element.ts'
import { refuseSecond, rowOf } from '../../../lib/joins/row-of.ts'
import type { Machine, OperatorContext } from '../../../lib/wiring/machine.ts'

/** Rows of a task, to be looked into. */
export interface QueryRows {
  row(key: unknown): { readonly value: unknown } | undefined
  all(): Iterable<readonly [key: unknown, value: unknown]>
}

/** Value and time of a row. */
type SavedRow<T> = readonly [T, number]

/** Passes changes of a table on, and keeps its rows. */
export class QueryMachine<T, K, P, D extends Diff> implements Machine<Event<T, K, P, D>>, QueryRows {
  readonly saved: SavedState
  private readonly context: OperatorContext<Event<T, K, P, D>>
  private readonly rows = new Map<K, Event<T, K, P | undefined, Diff>>()
  private readonly cells: KeyCells<K>

  constructor(context: OperatorContext<Event<T, K, P, D>>) {
    this.context = context
    this.cells = new KeyCells(
      {
        keys: () => this.rows.keys(),
        save: (key) => savedRow(this.rows.get(key)),
        load: (key, cell) => {
          const [value, time] = cell as SavedRow<T>
          this.rows.set(key, event<T, K, undefined, Diff>(value, time, key))
        },
      },
      context.dirty,
    )
    this.saved = savedParts(1, { rows: this.cells })
  }

  onEvent(change: Event<T, K, P, D>): void {
    const { key, value, diff } = change
    const row = this.rows.get(key)
    if (diff === -1) this.rows.delete(rowOf(row, row, change).key)
    else if (row === undefined || this.context.isInsertOnly) this.rows.set(key, change)
    else refuseSecond(value)
    this.cells.note(key)
    this.context.emit(change)
  }

  /** Rows. */
  entries(): number {
    return this.rows.size
  }

  row(key: unknown): { readonly value: T } | undefined {
    return this.rows.get(key as K)
  }

  *all(): Generator<readonly [K, T]> {
    for (const [key, { value }] of this.rows) yield [key, value]
  }
}

function savedRow<T, K>(row: Event<T, K, unknown, Diff> | undefined): SavedRow<T> | undefined {
  return row && [row.value, row.time]
}
