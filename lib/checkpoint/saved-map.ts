import type { DirtyCells } from './dirty-cells.ts'
import { Changes, type SavedCell } from './changes.ts'
import type { SavedPart } from './saved-state.ts'

/** A cell that is found by its key. */
export interface KeyedCell<K> extends SavedCell {
  readonly key: K
}

/** How the cells of a map are written down, in plain data. */
export interface CellCodec<K, C> {
  /** All but the key. */
  readonly save: (cell: C) => unknown
  readonly load: (key: K, saved: unknown) => C
}

/** Cells by their keys, as an operator works with them and as checkpoints see them. */
export class SavedMap<K, C extends KeyedCell<K>> {
  readonly #cells = new Map<K, C>()
  readonly #changes: Changes<C> | undefined

  /** @param dirty counts what changes, if checkpoints are taken */
  constructor(dirty: DirtyCells | undefined) {
    this.#changes = dirty && new Changes(dirty)
  }

  get size(): number {
    return this.#cells.size
  }

  get(key: K): C | undefined {
    return this.#cells.get(key)
  }

  values(): Iterable<C> {
    return this.#cells.values()
  }

  /** Adds a cell whose key is not there. */
  add(cell: C): void {
    this.#cells.set(cell.key, cell)
    this.#changes?.note(cell)
  }

  /** Notes that a cell has changed. */
  touch(cell: C): void {
    this.#changes?.note(cell)
  }

  remove(cell: C): void {
    this.#cells.delete(cell.key)
    this.#changes?.note(cell)
  }

  clear(): void {
    for (const cell of this.#cells.values()) this.#changes?.note(cell)
    this.#cells.clear()
  }

  /** The cells as checkpoints see them. */
  saved({ save, load }: CellCodec<K, C>): SavedPart {
    return {
      save: (write, which) => {
        if (which === 'all') for (const cell of this.#cells.values()) write(cell.key, save(cell))
        else {
          this.#changes?.take((cell) => {
            write(cell.key, this.#cells.get(cell.key) === cell ? save(cell) : undefined)
          })
        }
      },
      load: (key, saved) => {
        this.#cells.set(key as K, load(key as K, saved))
      },
    }
  }
}
