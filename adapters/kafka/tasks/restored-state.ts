import { decode } from '../../../lib/state/codec.ts'
import type { Recovered, SavedCellPair } from '../../../lib/state/state-store.ts'
import { type CellBytes, cellName, type ChangelogHead } from './changelog.ts'

/** The state of a task as its changelog has it, in memory until it is loaded. */
export class RestoredState {
  #head: ChangelogHead | undefined
  /** By the bytes of their keys, as text that is in order as these are. */
  readonly #cells = new Map<string, CellBytes>()

  commit(cells: ReadonlyMap<string, CellBytes>, head: ChangelogHead): void {
    this.#head = head
    for (const [name, cell] of cells) {
      if (cell.value === undefined) this.#cells.delete(name)
      else this.#cells.set(name, cell)
    }
  }

  /** What the state has in place of cells that do not count. */
  insteadOf(cells: ReadonlyMap<string, CellBytes>): readonly CellBytes[] {
    return [...cells].map(([name, { key }]) => this.#cells.get(name) ?? { key, value: undefined })
  }

  /** Hands over all cells. */
  each(write: (table: string, key: unknown, value: unknown) => void): void {
    for (const { key, value } of this.#cells.values()) {
      const [table, name] = cellName(key)
      write(table, name, value === undefined ? undefined : decode(value))
    }
  }

  /** The state, which is forgotten here; undefined if there was no commit. */
  recovered(): Recovered | undefined {
    if (this.#head === undefined) return undefined
    const tables = new Map<string, SavedBytes[]>()
    for (const name of [...this.#cells.keys()].toSorted()) {
      const cell = this.#cells.get(name)
      if (cell?.value === undefined) continue
      const [table, key] = cellName(cell.key)
      const cells = tables.get(table) ?? []
      cells.push([key, cell.value])
      tables.set(table, cells)
    }
    this.#cells.clear()
    return {
      ...this.#head,
      tables: () => [...tables.keys()].toSorted(),
      *cells(table): Generator<SavedCellPair> {
        for (const [key, value] of tables.get(table) ?? []) yield [key, decode(value)]
        // Each table is read once.
        tables.delete(table)
      },
    }
  }
}

type SavedBytes = readonly [key: unknown, value: Buffer]
