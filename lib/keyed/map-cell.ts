import {
  type Cell,
  type CellEntries,
  type CellOwner,
  type Entry,
  type Restore,
  type SavedEntry,
  savedEntry,
} from './entries.ts'
import type { MapState } from './map-state.ts'

/** The map of one key. */
export class MapCell<N, V> implements MapState<N, V>, Cell {
  readonly owner: CellOwner
  readonly ttl: number
  readonly #entries: CellEntries
  readonly #map = new Map<N, Entry<V>>()

  constructor(owner: CellOwner, ttl: number, entries: CellEntries) {
    this.owner = owner
    this.ttl = ttl
    this.#entries = entries
  }

  get size(): number {
    return this.#map.size
  }

  get(name: N): V | undefined {
    return this.#map.get(name)?.value
  }

  has(name: N): boolean {
    return this.#map.has(name)
  }

  set(name: N, value: V): void {
    const entry = this.#map.get(name)
    if (entry === undefined) this.#map.set(name, this.#entries.add(this, name, value))
    else this.#entries.write(entry, value)
  }

  delete(name: N): boolean {
    const entry = this.#map.get(name)
    if (entry === undefined) return false
    this.#map.delete(name)
    this.#entries.remove(entry)
    return true
  }

  keys(): Iterable<N> {
    return this.#map.keys()
  }

  *values(): Generator<V, void> {
    for (const { value } of this.#map.values()) yield value
  }

  *entries(): Generator<readonly [N, V], void> {
    for (const [name, { value }] of this.#map) yield [name, value]
  }

  clear(): void {
    for (const entry of this.#map.values()) this.#entries.remove(entry)
    this.#map.clear()
  }

  leaveOut(at: unknown): void {
    this.#map.delete(at as N)
  }

  /** Its entries, in order; undefined if there are none. */
  save(): readonly SavedEntry<N, V>[] | undefined {
    return this.size === 0 ? undefined : Array.from(this.#map, ([name, entry]) => savedEntry(name, entry))
  }

  load(saved: unknown, restore: Restore): void {
    for (const [name, value, expires] of saved as readonly SavedEntry<N, unknown>[]) {
      const entry = this.#entries.restore(this, name, restore(value) as V, expires)
      if (entry !== undefined) this.#map.set(name, entry)
    }
  }
}
