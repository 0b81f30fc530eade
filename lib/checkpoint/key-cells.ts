import type { DirtyCells } from './dirty-cells.ts'
import type { SavedPart } from './saved-state.ts'

/** How state by keys is written down, in plain data. */
export interface CellCodec<K> {
  /** All keys there are. */
  keys(): Iterable<K>
  /** The cell of a key; undefined if there is nothing of it. */
  save(key: K): unknown
  /** Takes a cell back, in whatever order. */
  load(key: K, cell: unknown): void
  /** All cells have been taken back. */
  loaded?(): void
}

/** State that is found by its keys, which is what its cells are called too. Whoever has it notes the keys of what changes. */
export class KeyCells<K> implements SavedPart {
  readonly #codec: CellCodec<K>
  readonly #dirty: DirtyCells | undefined
  readonly #changed: Set<K> | undefined

  /** @param dirty counts what changes, if checkpoints are taken */
  constructor(codec: CellCodec<K>, dirty: DirtyCells | undefined) {
    this.#codec = codec
    this.#dirty = dirty
    this.#changed = dirty && new Set()
  }

  /** Notes that what there is of a key has changed, come or gone. */
  note(key: K): void {
    if (this.#changed === undefined || this.#dirty === undefined) return
    const { size } = this.#changed
    this.#changed.add(key)
    this.#dirty.count += this.#changed.size - size
  }

  /** Notes all there is, before it goes. */
  noteAll(): void {
    if (this.#changed !== undefined) for (const key of this.#codec.keys()) this.note(key)
  }

  save(write: (key: unknown, cell: unknown) => void, which: 'changed' | 'all'): void {
    for (const key of which === 'all' ? this.#codec.keys() : (this.#changed ?? [])) write(key, this.#codec.save(key))
    if (which === 'changed') this.#changed?.clear()
  }

  load(key: unknown, cell: unknown): void {
    this.#codec.load(key as K, cell)
  }

  loaded(): void {
    this.#codec.loaded?.()
  }
}
