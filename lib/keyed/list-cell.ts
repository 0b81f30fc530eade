import type { CellEntries, CellOwner, Restore, SavedEntry } from './entries.ts'
import type { ListState } from './list-state.ts'
import { MapCell } from './map-cell.ts'

/** The list of one key: a map under ascending numbers, so that a value can end wherever in it it is. */
export class ListCell<V> implements ListState<V> {
  readonly #map: MapCell<number, V>
  #next = 0

  constructor(owner: CellOwner, ttl: number, entries: CellEntries) {
    this.#map = new MapCell(owner, ttl, entries)
  }

  get size(): number {
    return this.#map.size
  }

  push(value: V): void {
    this.#map.set(this.#next, value)
    this.#next += 1
  }

  values(): Iterable<V> {
    return this.#map.values()
  }

  clear(): void {
    this.#map.clear()
  }

  /** Its entries under their numbers; undefined if there are none. */
  save(): readonly SavedEntry<number, V>[] | undefined {
    return this.#map.save()
  }

  load(saved: unknown, restore: Restore): void {
    this.#map.load(saved, restore)
    for (const number of this.#map.keys()) this.#next = number + 1
  }
}
