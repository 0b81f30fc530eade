import type { DirtyCells } from './dirty-cells.ts'

/** Something that is a cell of a checkpoint. */
export interface SavedCell {
  /** It stands among the changes. */
  isChanged: boolean
}

/** The cells of an operator that have changed since the last checkpoint. A cell costs a look at a flag for each change. */
export class Changes<C extends SavedCell> {
  readonly #dirty: DirtyCells
  #changed: C[] = []

  constructor(dirty: DirtyCells) {
    this.#dirty = dirty
  }

  get size(): number {
    return this.#changed.length
  }

  /** Notes that a cell has changed, come or gone. */
  note(cell: C): void {
    if (cell.isChanged) return
    cell.isChanged = true
    this.#dirty.count += 1
    this.#changed.push(cell)
  }

  /** Hands over what has changed, in the order in which it did so first, and forgets it. */
  take(each: (cell: C) => void): void {
    const changed = this.#changed
    this.#changed = []
    for (const cell of changed) {
      cell.isChanged = false
      each(cell)
    }
  }
}
