import type { Key } from '../../../lib/keyed/key.ts'
import type { QueryRows } from './query-machine.ts'

/** The rows of a `queryable` that are in this process: of the partitions that it has now. */
export interface JobView<T, K extends Key> {
  /** The row of a key; undefined if there is none here. Which process has the key says `holderOf`. */
  get(key: K): T | undefined
  /** All rows with their keys, in no order. */
  entries(): IterableIterator<readonly [key: K, value: T]>
}

/** Looks into the rows of the tasks that there are at the time. */
export class TaskViews<T, K extends Key> implements JobView<T, K> {
  readonly #parts: () => readonly QueryRows[]

  constructor(parts: () => readonly QueryRows[]) {
    this.#parts = parts
  }

  get(key: K): T | undefined {
    for (const rows of this.#parts()) {
      const row = rows.row(key)
      if (row !== undefined) return row.value as T
    }
    return undefined
  }

  *entries(): Generator<readonly [K, T]> {
    for (const rows of this.#parts()) for (const [key, value] of rows.all()) yield [key as K, value as T]
  }
}
