import type { CellReader, SavedCellPair } from '../state/state-store.ts'

/** The cells of a part as the last checkpoint has them, read at once. */
export interface PagedCells {
  /** The cell of a key; undefined if there is none. */
  get(key: unknown): unknown
  /** At most `count` cells, from that of a key on or, if it has none, from the next one on; from the first one if none is given. */
  from(key: { readonly key: unknown } | undefined, count: number): readonly SavedCellPair[]
}

/** The cells of an operator. */
export function pagedCells(reader: CellReader, table: string): PagedCells {
  return {
    get: (key) => reader.get(table, key),
    from: (at, count) => reader.from(table, at, count),
  }
}

/** Those whose keys begin with the name of a part. */
export function pagedPart(cells: PagedCells, name: string): PagedCells {
  return {
    get: (key) => cells.get([name, key]),
    from(at, count) {
      const found: SavedCellPair[] = []
      // No key comes before one that is undefined.
      for (const [key, cell] of cells.from({ key: [name, at?.key] }, count)) {
        const [part, own] = key as [string, unknown]
        if (part !== name) break
        found.push([own, cell])
      }
      return found
    },
  }
}
