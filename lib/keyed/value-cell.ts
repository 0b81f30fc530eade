import {
  type Cell,
  type CellEntries,
  type CellOwner,
  type Entry,
  type Restore,
  type SavedEntry,
  savedEntry,
} from './entries.ts'
import type { ValueState } from './value-state.ts'

/** The value of one key. */
export class ValueCell<T, I> implements ValueState<T, I>, Cell {
  readonly owner: CellOwner
  readonly ttl: number
  readonly #initial: I
  readonly #entries: CellEntries
  #entry: Entry<T> | undefined

  constructor(owner: CellOwner, ttl: number, entries: CellEntries, initial: I) {
    this.owner = owner
    this.ttl = ttl
    this.#entries = entries
    this.#initial = initial
  }

  get value(): T | I {
    return this.#entry === undefined ? this.#initial : this.#entry.value
  }

  set(value: T): void {
    if (this.#entry === undefined) this.#entry = this.#entries.add(this, undefined, value)
    else this.#entries.write(this.#entry, value)
  }

  clear(): void {
    if (this.#entry !== undefined) this.#entries.remove(this.#entry)
    this.#entry = undefined
  }

  leaveOut(): void {
    this.#entry = undefined
  }

  /** Its entry; undefined if there is none. */
  save(): SavedEntry<undefined, T> | undefined {
    return this.#entry && savedEntry(undefined, this.#entry)
  }

  load(saved: unknown, restore: Restore): void {
    const [at, value, expires] = saved as SavedEntry<undefined, unknown>
    this.#entry = this.#entries.restore(this, at, restore(value) as T, expires)
  }
}
